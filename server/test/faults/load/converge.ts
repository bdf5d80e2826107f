import { setTimeout as pause } from 'node:timers/promises'
import type { Journal } from '../oracle/journal.ts'
import { isFinal, isRepeatable, type Story } from '../oracle/model.ts'
import { openConnection } from './connection.ts'
import { type Place, sendOnce } from './send.ts'

const CLIENTS = 16
const TRIES_MOST = 50
const PAUSE_MS = 100

export const isOpen = ({ intent, outcomes }: Story): boolean =>
  isRepeatable(intent) &&
  !outcomes.some(isFinal) &&
  outcomes.every((outcome) => outcome.class !== 'unclassified')

/**
 * Asks again for everything that has no outcome yet, with the same key and the same ids, until each has one.
 * Returns the requests that never got theirs.
 */
export const converge = async (
  journal: Journal,
  place: Place,
  stories: readonly Story[],
): Promise<Story[]> => {
  const waiting = stories.filter(isOpen)
  const unresolved: Story[] = []
  const work = async (): Promise<void> => {
    const connection = openConnection()
    for (let story = waiting.pop(); story !== undefined; story = waiting.pop()) {
      let tries = 1
      while (!isFinal(await sendOnce({ journal, connection }, place, story.intent))) {
        if (tries === TRIES_MOST) {
          unresolved.push(story)
          break
        }
        tries += 1
        await pause(PAUSE_MS)
      }
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: CLIENTS }, work))
  return unresolved
}
