import type pg from 'pg'
import { type Address, atAddress, isPasswordRefusal } from './address.ts'
import { REFUSED_ROUNDS } from './limits.ts'
import { withClient } from './owner.ts'

type Connect = () => Promise<pg.PoolClient>
type OnConnected = Parameters<pg.Pool['connect']>[0]

/**
 * Lets a pool go on when the password of its role is replaced under it: what is connected stays so, and whoever would be
 * refused at a new connection waits until it is known which password is the right one now.
 */
export const followPassword = (
  pool: pg.Pool,
  address: Address,
  toConnectionString: (url: string) => string,
): pg.Pool => {
  if (typeof address === 'string') return pool
  const connectOnce: Connect = pool.connect.bind(pool)
  let finding: Promise<void> | null = null

  const find = async (): Promise<void> => {
    const url = await atAddress(address, async (tried) => {
      await withClient(tried, () => Promise.resolve())
      return tried
    })
    pool.options.connectionString = toConnectionString(url)
  }

  const connect: Connect = async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await connectOnce()
      } catch (error) {
        if (!isPasswordRefusal(error) || attempt === REFUSED_ROUNDS) throw error
        finding ??= find().finally(() => {
          finding = null
        })
        await finding
      }
    }
  }

  // The pool's own query() asks by a callback.
  const either = (done?: OnConnected): Promise<pg.PoolClient> | undefined => {
    const connecting = connect()
    if (done === undefined) return connecting
    connecting.then(
      (client) => done(undefined, client, client.release),
      (error: Error) => done(error, undefined, () => undefined),
    )
    return undefined
  }
  return Object.assign(pool, { connect: either })
}
