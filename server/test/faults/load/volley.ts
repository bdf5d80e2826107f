import type { Journal } from '../oracle/journal.ts'
import type { Intent, Outcome } from '../oracle/model.ts'
import { type Connection, openConnection } from './connection.ts'
import { type Place, sendOnce } from './send.ts'

/** Requests that leave at the same moment, each on a connection of its own, shared out among the servers. */
export type Volley = {
  readonly fire: (intents: readonly Intent[]) => Promise<Outcome[]>
  readonly close: () => void
}

export const openVolley = (journal: Journal, places: readonly Place[]): Volley => {
  const connections: Connection[] = []
  const connectionFor = (index: number): Connection => {
    const connection = connections[index] ?? openConnection()
    connections[index] = connection
    return connection
  }
  return {
    fire: (intents) => {
      for (const intent of intents) journal.intend(intent)
      return Promise.all(
        intents.map((intent, index) => {
          const place = places[index % places.length]
          if (place === undefined) throw new Error('a volley needs a server')
          return sendOnce({ journal, connection: connectionFor(index) }, place, intent)
        }),
      )
    },
    close: () => {
      for (const connection of connections) connection.close()
    },
  }
}
