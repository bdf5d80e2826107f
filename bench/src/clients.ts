import { withClient } from '../../server/src/database/index.ts'

/** A connection of our own: not from a pool, and not in pipeline mode. */
export type Client = Parameters<Parameters<typeof withClient>[1]>[0]

export type OpenClient = { readonly client: Client; readonly close: () => Promise<void> }

/** A connection that stays open from one round to the next. */
export const openClient = (url: string): Promise<OpenClient> =>
  new Promise((resolve, reject) => {
    const held = Promise.withResolvers<void>()
    const ended = withClient(url, (client) => {
      resolve({
        client,
        close: async () => {
          held.resolve()
          await ended
        },
      })
      return held.promise
    })
    ended.catch(reject)
  })

export const openClients = (url: string, count: number): Promise<OpenClient[]> =>
  Promise.all(Array.from({ length: count }, () => openClient(url)))
