import { join } from 'node:path'
import type { Commit } from '../database/index.ts'
import { type Marker, readMarker, refuseToServe, refuseToWrite } from '../move/index.ts'
import type { AsOwner } from '../tenants/index.ts'
import type { Configuration } from './configuration.ts'

/** What the embedded database says of its move; null where it was never moved, or where another one is used. */
export const findMove = (
  { databaseUrl, dataDir }: Configuration,
  as: 'server' | 'tool' | 'mover',
): Marker | null => {
  if (databaseUrl !== undefined) return null
  const folder = join(dataDir, 'postgres')
  const marker = readMarker(folder)
  if (marker !== null && as === 'server') throw refuseToServe(marker, folder)
  return marker
}

/** Commands that change something are refused by name, before PostgreSQL says that it is read-only. */
export const readOnlyCommit = (commit: Commit, marker: Marker | null): Commit =>
  marker === null
    ? commit
    : {
        submit: () => Promise.reject(refuseToWrite(marker)),
        waiting: () => commit.waiting(),
        observe: (observer) => commit.observe(observer),
        drain: () => commit.drain(),
      }

export const readOnlyOwner = (asOwner: AsOwner, marker: Marker | null): AsOwner =>
  marker === null ? asOwner : () => Promise.reject(refuseToWrite(marker))
