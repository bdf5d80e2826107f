import { createSecretKey, type KeyObject } from 'node:crypto'
import type { ClientBase } from 'pg'
import { assert, SetupProblem } from '../kit/index.ts'
import { presentKey, unwrapSecret, withAnyKey, wrapSecret } from './data-keys.ts'
import { readMark } from './fingerprint.ts'
import type { Keyring } from './keyring.ts'
import { derive, type MasterKey } from './master-key.ts'

/**
 * Keys that recognise a value again without keeping it, each for one purpose. They were derived from the first master key;
 * since then they stand in the database, wrapped, because what was made with them must be recognised under every later one.
 */
export const PURPOSES = ['card', 'client_secret', 'sandbox acquirer notifications'] as const

export type Purpose = (typeof PURPOSES)[number]

/** Of all purposes. */
export type Secrets = ReadonlyMap<Purpose, KeyObject>

/** What a release that knows no wrapped secrets uses; it agrees with them until the first rotation. */
const firstValue = (master: MasterKey, purpose: Purpose): Buffer =>
  derive(master, `fingerprint key ${purpose}`)

export const secretName = (purpose: string): string => `The secret "${purpose}" of the vault`

type Row = { readonly purpose: string; readonly wrapped: Buffer }

export const readSecrets = async (client: Pick<ClientBase, 'query'>): Promise<readonly Row[]> =>
  (await client.query<Row>('select purpose, wrapped from vault.secrets order by purpose')).rows

const isPurpose = (text: string): text is Purpose => PURPOSES.some((purpose) => purpose === text)

const openAll = (ring: Keyring, rows: readonly Row[]): Secrets =>
  new Map(
    rows.flatMap(({ purpose, wrapped }) =>
      isPurpose(purpose)
        ? [
            [
              purpose,
              createSecretKey(
                withAnyKey(ring, secretName(purpose), (key) => unwrapSecret(key, purpose, wrapped)),
              ),
            ] as const,
          ]
        : [],
    ),
  )

/** A rotation holds the making of secrets off, as it does that of data keys. */
const BESIDE_NO_ROTATION = 'lock table vault.secrets in row exclusive mode'

const lost = (missing: readonly string[]): SetupProblem =>
  new SetupProblem(
    `${missing.map(secretName).join(', ')}: missing in the database, and the key that it was derived from is gone`,
    'What was made with it could not be recognised any more. Restore the database from a backup.',
  )

/** Makes the secrets that are missing, as the owner, once the key of the database was noted. */
export const ensureSecrets = async (owner: ClientBase, ring: Keyring): Promise<Secrets> => {
  const found = await readSecrets(owner)
  const missing = PURPOSES.filter((purpose) => !found.some((row) => row.purpose === purpose))
  if (missing.length === 0) return openAll(ring, found)
  await owner.query('begin')
  try {
    await owner.query(BESIDE_NO_ROTATION)
    // The first value follows from the first key alone: made from another it would be a stranger's.
    if ((await readMark(owner))?.isRotated === true) throw lost(missing)
    const key = await presentKey(owner, ring)
    for (const purpose of missing)
      await owner.query(
        'insert into vault.secrets (purpose, wrapped) values ($1, $2) on conflict do nothing',
        [purpose, wrapSecret(key, purpose, firstValue(key, purpose))],
      )
    await owner.query('commit')
  } catch (error) {
    await owner.query('rollback').catch(() => undefined)
    throw error
  }
  return openAll(ring, await readSecrets(owner))
}

/** Of a key that no database knows: for tests, and for what describes routes without serving them. */
export const derivedSecrets = (master: MasterKey): Secrets =>
  new Map(PURPOSES.map((purpose) => [purpose, createSecretKey(firstValue(master, purpose))]))

export const secretFor = (secrets: Secrets, purpose: Purpose): KeyObject => {
  const key = secrets.get(purpose)
  assert(key !== undefined, 'the vault has a secret for each purpose')
  return key
}
