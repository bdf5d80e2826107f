import { BAR_CELLS, BAR_CELLS_LEAST, BAR_EVERY_MS, LINE_EVERY_MS } from './limits.ts'
import type { Terminal } from './terminal.ts'

export type ProgressState = {
  /** 0 to 1; null while nobody can know. */
  readonly fraction: number | null
  /** What is being done, and how far it is. */
  readonly text: string
}

export type Progress = {
  readonly show: (state: ProgressState) => void
  /** Takes the bar away; what comes next stands in its place. */
  readonly end: () => void
}

export const CLEAR = '\r\x1b[K'

const percent = (fraction: number): string => `${Math.floor(fraction * 100)} %`

const bar = (fraction: number, cells: number): string => {
  const full = Math.floor(fraction * cells)
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)}`
}

const clamp = (fraction: number): number => Math.min(1, Math.max(0, fraction))

const plain = ({ fraction, text }: ProgressState): string =>
  fraction === null ? text : `${percent(clamp(fraction)).padStart(5)}  ${text}`

/** A bar that moves where somebody looks on; elsewhere a line from time to time, so that logs show that it lives. */
export const createProgress = (terminal: Terminal): Progress => {
  const { isWatched, paintSaid, width } = terminal
  const signal = terminal.interruption()
  const everyMs = isWatched ? BAR_EVERY_MS : LINE_EVERY_MS
  // The first line waits for its time as the others do: what is quickly done needs none.
  let shownMs = isWatched ? Number.NEGATIVE_INFINITY : terminal.nowMs()
  let isDrawn = false

  const drawn = (state: ProgressState): string => {
    if (state.fraction === null) return state.text.slice(0, width - 1)
    const fraction = clamp(state.fraction)
    const rest = `  ${percent(fraction).padStart(5)}  ${state.text}`
    const cells = Math.min(BAR_CELLS, width - 1 - rest.length)
    return cells < BAR_CELLS_LEAST
      ? rest.trim().slice(0, width - 1)
      : `${paintSaid('cyan', bar(fraction, cells))}${rest}`
  }

  return {
    show: (state) => {
      const nowMs = terminal.nowMs()
      if (signal.aborted || nowMs - shownMs < everyMs) return
      shownMs = nowMs
      if (!isWatched) terminal.say(plain(state))
      else {
        terminal.draw(CLEAR + drawn(state))
        isDrawn = true
      }
    },
    end: () => {
      if (isDrawn) terminal.draw(CLEAR)
      isDrawn = false
    },
  }
}
