import { readFile } from 'node:fs/promises'
import { CommandProblem } from './problem.ts'
import type { Terminal } from './terminal.ts'

const readSource = async (terminal: Terminal, source: string): Promise<string> => {
  if (source === '-') return terminal.readInput()
  try {
    return await readFile(source, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CommandProblem(
      `The file ${source} cannot be read (${code})`,
      'Give the path of a JSON file, or - for standard input.',
    )
  }
}

/** Lines that begin with // say something to people. */
export const withoutComments = (text: string): string => text.replaceAll(/^[ \t]*\/\/.*$/gm, '')

/** A JSON file, or - for standard input: its text, and what it says. */
export const readJson = async (
  terminal: Terminal,
  source: string,
  fix: string,
  prepare: (text: string) => string = (text) => text,
): Promise<{ readonly text: string; readonly value: unknown }> => {
  const text = await readSource(terminal, source)
  try {
    return { text, value: JSON.parse(prepare(text)) as unknown }
  } catch (error) {
    const where = source === '-' ? 'Standard input' : `The file ${source}`
    throw new CommandProblem(`${where} is not JSON: ${error instanceof Error ? error.message : ''}`, fix)
  }
}
