// Who imports whom, file by file, inside the repository.

import { posix } from 'node:path'
import type { House } from './house.ts'
import { sourcesOf } from './source.ts'

export type Edge = { readonly from: string; readonly to: string; readonly line: number }

type Manifest = { name?: string; exports?: Record<string, string> }

/** The files that packages of this repository offer by name: '@evenkeel/server' → 'server/src/main/index.ts'. */
const packageDoors = (house: House): Map<string, string> => {
  const doors = new Map<string, string>()
  for (const [path, text] of house) {
    if (!/^[a-z]+\/package\.json$/.test(path)) continue
    const manifest: Manifest = JSON.parse(text)
    for (const [key, file] of Object.entries(manifest.exports ?? {}))
      doors.set(posix.join(manifest.name ?? '', key), posix.join(posix.dirname(path), file))
  }
  return doors
}

/** The imports of files in this repository; what comes from Node or from npm is no edge. */
export const edgesOf = (house: House): Edge[] => {
  const doors = packageDoors(house)
  return sourcesOf(house).flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, line }) => {
      const isRelative = specifier.startsWith('.')
      const to = isRelative ? posix.join(posix.dirname(path), specifier) : doors.get(specifier)
      return to === undefined ? [] : [{ from: path, to, line }]
    }),
  )
}
