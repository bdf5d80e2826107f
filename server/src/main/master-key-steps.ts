import { setTimeout as sleep } from 'node:timers/promises'
import { appendActAsOwner } from '../audit/index.ts'
import {
  changeWithPasswords,
  classifyError,
  olderReleases,
  parseSessionName,
  raiseFloor,
  refuseSharedRoles,
  sessionsAtWork,
  withClient,
} from '../database/index.ts'
import { SetupProblem, type TenantId } from '../kit/index.ts'
import {
  fingerprintOf,
  fingerprintText,
  type Keys,
  KNOWN_WITHIN_MS,
  type MasterKey,
  type Rewrapped,
  readMark,
  readSeen,
  rewrapAll,
  rolePassword,
  SEEN_WITHIN_MS,
  type Seen,
  tenantsWithKeys,
} from '../vault/index.ts'
import type { Platform } from './platform.ts'

/** The migration that knows wrapped secrets. A release before it would go on with what the old key gives. */
export const ROTATION_MIGRATION = 21

const LIVE = 1 as TenantId

/** What is shown of a key: enough to tell it from another. */
export const shortOf = (key: MasterKey): string => fingerprintText(key).slice(0, 8)

export const refuseOlderReleases = async ({ pools }: Platform): Promise<void> => {
  const older = await olderReleases(pools.plain, ROTATION_MIGRATION)
  if (older.length === 0) return
  throw new SetupProblem(
    `An older release of Evenkeel runs on this database (process ${older.map(({ pid }) => pid).join(', ')}), and knows only the key that it was started with`,
    'Upgrade it first, then run this again.',
  )
}

/** The roles whose passwords derive from the master key: not those whose logins the configuration gives. */
const derivedRoles = ({ configuration, cluster }: Platform) => ({
  app: configuration.databaseAppUrl === undefined,
  reader: configuration.databaseReaderUrl === undefined,
  superuser: cluster !== null,
})

export const refuseSharedPasswords = async (platform: Platform): Promise<void> => {
  const { app, reader } = derivedRoles(platform)
  if (app || reader) await withClient(platform.admin, refuseSharedRoles)
}

const nameOf = ({
  session,
  address,
}: {
  readonly session: string
  readonly address: string | null
}): string => {
  const pid = parseSessionName(session)?.pid
  return `process ${pid ?? session}${address === null ? '' : ` at ${address}`}`
}

const WAIT_POLL_MS = 200

type Wanting = { readonly unknowing: readonly Seen[]; readonly silent: readonly string[] }

const lookRound = async ({ pools }: Platform, next: Buffer): Promise<Wanting> => {
  const seen = await readSeen(pools.plain, next)
  const isSeen = (name: string): boolean => seen.some((one) => nameOf(one) === name)
  const names = (await sessionsAtWork(pools.plain))
    .filter(({ session }) => parseSessionName(session) !== null)
    .map(nameOf)
  return { unknowing: seen.filter(({ knows }) => !knows), silent: names.filter((name) => !isSeen(name)) }
}

const unknown = ({ unknowing, silent }: Wanting, isEnvironment: boolean): SetupProblem => {
  const who = [
    ...unknowing.map((one) => `${nameOf(one)} does not know the new key`),
    ...silent.map((name) => `${name} did not answer`),
  ]
  return new SetupProblem(
    `Not everybody who works on this database knows the new key: ${who.join('; ')}. Nothing was changed`,
    isEnvironment
      ? 'Give MASTER_KEY="NEW OLD" to every server and restart them one after the other, then run this again.'
      : 'A server on another machine reads a file of its own: copy master.key there, or set MASTER_KEY="NEW OLD" and restart it. Then run this again.',
  )
}

/** Waits until everybody who works on this database has said that he knows the new key. */
export const waitUntilKnown = async (platform: Platform, to: MasterKey): Promise<void> => {
  const from = performance.now()
  const next = fingerprintOf(to)
  for (;;) {
    const wanting = await lookRound(platform, next)
    const isKnown = wanting.unknowing.length + wanting.silent.length === 0
    const waitedMs = performance.now() - from
    if (isKnown && waitedMs >= SEEN_WITHIN_MS) return
    // Who has spoken has looked at his file after the key was written: he will not learn it by waiting.
    const enoughMs = wanting.silent.length > 0 ? KNOWN_WITHIN_MS : SEEN_WITHIN_MS
    if (!isKnown && waitedMs >= enoughMs)
      throw unknown(wanting, platform.keyring.place.kind === 'environment')
    await sleep(WAIT_POLL_MS)
  }
}

const exchangeOnce = (platform: Platform, keys: Keys): Promise<Rewrapped> => {
  const roles = derivedRoles(platform)
  const passwords = {
    app: roles.app ? rolePassword(keys.to, 'app') : null,
    reader: roles.reader ? rolePassword(keys.to, 'reader') : null,
    superuser: roles.superuser ? rolePassword(keys.to, 'superuser') : null,
  }
  return withClient(platform.admin, (admin) =>
    changeWithPasswords(admin, passwords, async (owner) => {
      const done = await rewrapAll(owner, keys, () => tenantsWithKeys(platform.pools.reader))
      await raiseFloor(owner, ROTATION_MIGRATION)
      await refuseOlderReleases(platform)
      await appendActAsOwner(
        owner,
        LIVE,
        {
          actor: platform.actor,
          action: 'master_key.rotated',
          subject: 'master_key',
          reason: null,
          before: { fingerprint: fingerprintText(keys.from) },
          after: { fingerprint: fingerprintText(keys.to) },
        },
        { anchor: true },
      )
      return done
    }),
  )
}

const EXCHANGE_ATTEMPTS = 5
const EXCHANGE_PAUSE_MS = 300

/** One transaction: everything is wrapped by the new key, and the roles have its passwords; or nothing has changed. */
export const exchange = async (platform: Platform, keys: Keys): Promise<Rewrapped | null> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await exchangeOnce(platform, keys)
    } catch (error) {
      if (attempt === EXCHANGE_ATTEMPTS || classifyError(error) !== 'transient') throw error
      await sleep(EXCHANGE_PAUSE_MS)
      // A connection that was lost may have committed: the mark says so.
      const mark = await readMark(platform.pools.plain)
      if (mark?.fingerprint.equals(fingerprintOf(keys.to)) === true) return null
    }
  }
}
