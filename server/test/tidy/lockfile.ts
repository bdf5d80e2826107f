import type { Law, Violation } from '../architecture/house.ts'

const LOCKFILE = 'package-lock.json'

type Locked = {
  resolved?: string
  integrity?: string
  link?: boolean
  dev?: boolean
  optional?: boolean
  optionalDependencies?: Record<string, string>
}

/** Node's own search: beside the package that asks, then in every folder above it. */
const isLocked = (locked: Record<string, Locked>, from: string, name: string): boolean => {
  const place = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`
  if (place in locked) return true
  if (from === '') return false
  return isLocked(locked, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
}

/** npm leaves out what the registry at hand does not have, and `npm ci` then refuses the whole file. */
const incomplete = (locked: Record<string, Locked>): Violation[] =>
  Object.entries(locked).flatMap(([from, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {})
      .filter((name) => !isLocked(locked, from, name))
      .map((name) => ({
        path: LOCKFILE,
        message: `has no entry for ${name}, which ${from} may need elsewhere`,
      })),
  )

const judge = ([place, { resolved, integrity, link, dev, optional }]: [string, Locked]): Violation[] => {
  const isForeign = place.startsWith('node_modules/') && link !== true
  // Builds of development tools for other systems, which the registry that made the file did not have.
  const mayLackDigest = dev === true && optional === true
  return [
    ...(isForeign && resolved !== undefined
      ? [{ path: LOCKFILE, message: `says where to load ${place} from: any registry should do (.npmrc)` }]
      : []),
    ...(isForeign && integrity === undefined && !mayLackDigest
      ? [{ path: LOCKFILE, message: `has no digest for ${place}` }]
      : []),
  ]
}

/** `npm ci` works from the lock file with any registry and on any system. */
export const lockfile: Law = (house) => {
  const text = house.get(LOCKFILE)
  if (text === undefined) return [{ path: LOCKFILE, message: 'is missing: run npm install' }]
  const { packages }: { packages: Record<string, Locked> } = JSON.parse(text)
  return [...Object.entries(packages).flatMap(judge), ...incomplete(packages)]
}
