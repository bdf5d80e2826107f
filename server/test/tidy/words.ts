import type { House, Law } from '../architecture/house.ts'
import { sourcesOf } from '../architecture/source.ts'

/** Written in halves, so that this file does not find itself. */
const MARKERS = [
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['XX', 'X'],
  ['HA', 'CK'],
].map((halves) => halves.join(''))
const MARKER = new RegExp(`\\b(?:${MARKERS.join('|')})\\b`)

type Note = { readonly path: string; readonly line: number; readonly value: string }

/** Comments only: among the currencies there is one with the code of three X. */
const commentsIn = (house: House): Note[] =>
  sourcesOf(house).flatMap(({ path, comments }) => comments.map(({ line, value }) => ({ path, line, value })))

/** Languages that are not parsed here are searched line by line. */
const linesIn = (house: House): Note[] =>
  [...house]
    .filter(([path]) => path.endsWith('.sql') || path.endsWith('.sh'))
    .flatMap(([path, text]) => text.split('\n').map((value, at) => ({ path, line: at + 1, value })))

/** What is not finished is an issue, not a comment. */
export const unfinished: Law = (house) =>
  [...commentsIn(house), ...linesIn(house)].flatMap(({ path, line, value }) => {
    const marker = MARKER.exec(value)?.[0]
    if (marker === undefined) return []
    return [{ path, line, message: `says ${marker}: do it now, or open an issue and take the note out` }]
  })
