import { withClient } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import type { Marker } from './core/marker.ts'
import { thaw } from './freeze.ts'
import { readMarker, removeMarker } from './marker.ts'

/**
 * Ends a move that is not finished: the embedded database is as it was, and may be written again. What was copied stays
 * in the target, where no server starts. A move that is finished is not undone: the books may have changed over there.
 */
export const giveUpMove = async (clusterFolder: string, adminUrl: string): Promise<Marker> => {
  const marker = readMarker(clusterFolder)
  if (marker === null)
    throw new SetupProblem('No move has begun here', 'There is nothing to give up: start the server.')
  if (marker.state === 'moved')
    throw new SetupProblem(
      `The move to ${marker.to} was finished on ${marker.movedAt}, and is not undone`,
      `Set DATABASE_URL to ${marker.to}: payments may have been taken there since.`,
    )
  await withClient(adminUrl, thaw)
  removeMarker(clusterFolder)
  return marker
}
