import type { Pool } from 'pg'
import { newUuid } from '../kit/index.ts'
import { type Mark, readMark } from './fingerprint.ts'
import type { Keyring } from './keyring.ts'
import { LOOK_EVERY_MS } from './limits.ts'
import { fingerprintOf } from './master-key.ts'

/**
 * Each process looks now and then which master key the database is with. While a rotation is announced it says which keys
 * it knows, so that the rotation begins only when nobody would be left behind.
 */
export type Witness = {
  /** Looks once, now. */
  readonly look: () => Promise<void>
  readonly stop: () => void
}

export type WitnessOptions = {
  readonly ring: Keyring
  readonly plain: Pool
  /** As this process's sessions are called. */
  readonly session: string
  readonly log: { readonly info: (message: string) => void; readonly error: (message: string) => void }
}

const SAY = `
insert into vault.servers (server, session, address, fingerprints)
values ($1, $2, host(inet_client_addr()), $3)
on conflict (server) do nothing`

export const startWitness = ({ ring, plain, session, log }: WitnessOptions): Witness => {
  const server = newUuid(Date.now())
  let known: Buffer | null = null
  let isLost = false

  const follow = (mark: Mark): void => {
    const present = ring.settle(mark.fingerprint)
    if (present === null && !isLost)
      log.error(
        'The database is with a master key that this server does not have: give it the new one. What it has open goes on to work; new connections and encrypted values do not.',
      )
    else if (present !== null && (isLost || (known !== null && !known.equals(mark.fingerprint))))
      log.info('The master key was replaced; this server works with the new one.')
    isLost = present === null
    known = mark.fingerprint
  }

  const look = async (): Promise<void> => {
    const mark = await readMark(plain)
    if (mark === null) return
    follow(mark)
    if (mark.next !== null) {
      await plain.query(SAY, [server, session, ring.candidates().map(fingerprintOf)])
    }
  }

  let isLooking = false
  const tick = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    // The database is away, or being changed: it is looked at again in a moment.
    await look().catch(() => undefined)
    isLooking = false
  }
  const timer = setInterval(() => void tick(), LOOK_EVERY_MS).unref()
  return { look, stop: () => clearInterval(timer) }
}

/** A process that runs, and whether it knows the key that is to come. */
export type Seen = { readonly session: string; readonly address: string | null; readonly knows: boolean }

const SEEN = `
select session, address, $1 = any (fingerprints) as knows from vault.servers order by session, address`

/** Who has spoken since the rotation was announced. */
export const readSeen = async (client: Pick<Pool, 'query'>, next: Buffer): Promise<readonly Seen[]> =>
  (await client.query<Seen>(SEEN, [next])).rows
