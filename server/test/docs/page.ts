// The shell blocks of a page, with the outputs that it shows.
//
//   ```sh      is run, in the order of the page, all of them in one shell
//   ```text    or ```json right after one of them is what it must print; an ellipsis stands for what is left out
//
// Fences in any other language, or in none, are not run.

export type Step = {
  readonly line: number
  readonly commands: string
  /** Null where the page shows nothing: then the commands must succeed. */
  readonly shown: string | null
}

type Fence = { readonly line: number; readonly language: string; readonly text: string }

const FENCE = /^```(\w*)$/

const fencesOf = (page: string): Fence[] => {
  const fences: Fence[] = []
  let open: { line: number; language: string; lines: string[] } | null = null
  for (const [index, line] of page.split('\n').entries()) {
    const language = FENCE.exec(line)?.[1]
    if (open !== null && language === '') {
      fences.push({ line: open.line, language: open.language, text: open.lines.join('\n') })
      open = null
    } else if (open !== null) open.lines.push(line)
    else if (language !== undefined) open = { line: index + 1, language, lines: [] }
  }
  return fences
}

export const stepsOf = (page: string): Step[] => {
  const fences = fencesOf(page)
  return fences.flatMap(({ line, language, text }, at): Step[] => {
    if (language !== 'sh') return []
    const next = fences[at + 1]
    const isShown = next !== undefined && (next.language === 'text' || next.language === 'json')
    return [{ line, commands: text, shown: isShown ? next.text : null }]
  })
}

const ELLIPSIS = '…'

const literally = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A line of the page: an ellipsis alone stands for any lines, within a line for any text. */
const patternOf = (line: string): string =>
  line.trim() === ELLIPSIS
    ? '(?:.*\\n)*?'
    : `${line.trimEnd().split(ELLIPSIS).map(literally).join('.*')}[ \\t]*\\n`

const tidied = (output: string): string => `${output.replaceAll('\r', '').trim()}\n`

/** Whether a command printed what the page shows: line by line, nothing more and nothing else. */
export const agrees = (shown: string, output: string): boolean =>
  new RegExp(`^${shown.trim().split('\n').map(patternOf).join('')}$`).test(tidied(output))
