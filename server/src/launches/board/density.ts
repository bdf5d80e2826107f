import type { BoardFigures } from './figures.ts'
import {
  DESCRIPTION_SHOWN,
  EVENT_SHOWN,
  EVENTS_SHOWN,
  LEVELS_SHOWN,
  LINES_MOST,
  NAME_SHOWN,
  OWNER_SHOWN,
  RISK_SHOWN,
  RISKS_SHOWN,
  SENTENCE_SHOWN,
  SENTENCES_SHOWN,
  STAGES_SHOWN,
  WAIVERS_SHOWN,
} from './limits.ts'
import { clip } from './markup.ts'

/** Signs that are about twice as wide as others: most capitals, and those of East Asia. */
const WIDE = /[A-Z\u1100-\uffff]/g

/** How many lines a text takes, where an ordinary one has so many signs, and so many are shown. */
const lines = (text: string, perLine: number, most: number): number => {
  const signs = text.length + (text.match(WIDE)?.length ?? 0) * 0.7
  return Math.min(most, Math.max(1, Math.ceil(signs / perLine)))
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const more = (count: number, shown: number): number => (count > shown ? 1 : 0)

const storyLines = ({ story }: BoardFigures): number => {
  const events = story.events.slice(-EVENTS_SHOWN)
  const happened = sum(events.map(({ text }) => lines(clip(text, EVENT_SHOWN), 68, 2)))
  return Math.max(
    story.exposed.payments === 0 ? 0 : 9,
    happened + more(story.events.length, EVENTS_SHOWN) + 2,
  )
}

const columnLines = ({ detection, waivers, budget }: BoardFigures): number => {
  const seen = detection.sentences.slice(0, SENTENCES_SHOWN)
  const said = sum(seen.map((sentence) => lines(clip(sentence, SENTENCE_SHOWN), 50, 2)))
  return Math.max(
    said + more(detection.sentences.length, SENTENCES_SHOWN),
    5 + Math.min(budget.levels.length, LEVELS_SHOWN),
    6 + 3 * Math.min(waivers.length, WAIVERS_SHOWN) + more(waivers.length, WAIVERS_SHOWN),
  )
}

/** About how many lines of print the page has. */
export const linesOf = (board: BoardFigures): number =>
  2.4 * lines(clip(board.name, NAME_SHOWN), 46, 2) +
  lines(clip(board.description, DESCRIPTION_SHOWN), 125, 2) +
  1.5 * lines(board.ask.text, 84, 3) +
  sum(
    board.risks
      .slice(0, RISKS_SHOWN)
      .map((risk) => 1.3 * lines(`${clip(risk.text, RISK_SHOWN)} ${clip(risk.owner, OWNER_SHOWN)}`, 33, 3)),
  ) +
  more(board.risks.length, RISKS_SHOWN) +
  more(board.stages.length, STAGES_SHOWN) +
  columnLines(board) +
  storyLines(board)

/** What fits on the sheet only in smaller print. */
export const isDense = (board: BoardFigures): boolean => linesOf(board) > LINES_MOST
