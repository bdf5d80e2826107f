import { setTimeout as pause } from 'node:timers/promises'
import type { Journal } from '../oracle/journal.ts'
import { type Intent, isFinal, isRepeatable, type Outcome } from '../oracle/model.ts'
import { type Connection, openConnection } from './connection.ts'
import type { Mix } from './mix.ts'
import type { Random } from './random.ts'
import { sendOnce, type Target } from './send.ts'

const RETRIES_MOST = 4
const RETRY_PAUSE_MS = 25
/** Between two requests of a client, so that a small machine is busy and not choked. */
const THINK_MS = 12

export type LoadOptions = {
  readonly journal: Journal
  readonly mix: Mix
  readonly random: Random
  /** The clients are shared out among them. */
  readonly targets: readonly Target[]
  readonly clients: number
  readonly onAcknowledged?: () => void
}

export type Load = {
  /** Requests that were acknowledged so far. */
  readonly acknowledged: () => number
  /** Waits until one is acknowledged that was sent after this call; false when the time is over. */
  readonly heals: (withinMs: number) => Promise<boolean>
  /** Each client finishes what it has sent. */
  readonly stop: () => Promise<void>
}

const HEALING_POLL_MS = 5

export const startLoad = (options: LoadOptions): Load => {
  const { journal, mix, random, targets, clients } = options
  let stopping = false
  let acknowledged = 0
  let newestSentMs = 0

  const send = async (connection: Connection, target: Target, intent: Intent): Promise<Outcome | null> => {
    const place = await target.up()
    if (place === null || stopping) return null
    const sentMs = performance.now()
    const outcome = await sendOnce({ journal, connection }, place, intent)
    mix.learn(intent, outcome)
    if (outcome.class === 'acknowledged') {
      acknowledged += 1
      newestSentMs = Math.max(newestSentMs, sentMs)
    }
    return outcome
  }

  /** Half of what has no outcome is asked again at once, the other half only at the end of the run. */
  const retry = async (connection: Connection, target: Target, intent: Intent): Promise<void> => {
    for (let attempt = 1; attempt <= RETRIES_MOST && !stopping; attempt++) {
      await pause(RETRY_PAUSE_MS * attempt)
      const outcome = await send(connection, target, intent)
      if (outcome === null || isFinal(outcome)) return
    }
  }

  const client = async (target: Target): Promise<void> => {
    const connection = openConnection()
    while (!stopping) {
      if ((await target.up()) === null) break
      const intent = mix.next(journal.next())
      journal.intend(intent)
      const outcome = await send(connection, target, intent)
      if (outcome === null) break
      const again = isFinal(outcome) ? random.chance(0.05) : random.chance(0.5)
      if (again && isRepeatable(intent)) await retry(connection, target, intent)
      await pause(random.below(THINK_MS))
    }
    connection.close()
  }

  const running = Array.from({ length: clients }, (_, index) => {
    const target = targets[index % targets.length]
    if (target === undefined) throw new Error('a load needs a target')
    return client(target)
  })
  return {
    acknowledged: () => acknowledged,
    heals: async (withinMs) => {
      const fromMs = performance.now()
      while (performance.now() < fromMs + withinMs) {
        if (newestSentMs > fromMs) return true
        await pause(HEALING_POLL_MS)
      }
      return false
    },
    stop: async () => {
      stopping = true
      await Promise.all(running)
    },
  }
}
