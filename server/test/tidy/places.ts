import type { Law } from '../architecture/house.ts'

/** A path that exists on one machine only. Written in pieces, so that this file does not find itself. */
const PLACES = [
  ['/ho', 'me/'],
  ['/Us', 'ers/'],
  ['/ro', 'ot/'],
  ['/wo', 'rk/'],
  ['/mn', 't/'],
  ['/tm', 'p/'],
].map((halves) => halves.join(''))
const PLACE = new RegExp(`(?<![\\w./-])(?:${PLACES.join('|')})[\\w.-]`)
const HOST = new RegExp([['registry', 'npmjs'].join('\\.'), ['registry', 'yarnpkg'].join('\\.')].join('|'))

/** Nothing in the repository knows the machine that it was written on. */
export const places: Law = (house) =>
  [...house].flatMap(([path, text]) =>
    text.split('\n').flatMap((line, at) => {
      const found = (PLACE.exec(line) ?? HOST.exec(line))?.[0]
      if (found === undefined) return []
      const message = `names a place of one machine (${found}…): take a setting, or a folder of the system's own`
      return [{ path, line: at + 1, message }]
    }),
  )
