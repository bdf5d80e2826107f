import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import {
  type Claim,
  classifyError,
  connectionsOf,
  createCommit,
  createRead,
  openPools,
  type Pools,
} from '../../src/database/index.ts'
import type { Reply } from '../../src/kit/index.ts'
import { createAccountsUnit, createTransfersUnit } from '../../src/ledger/units.ts'
import { differencesBetween } from '../model/compare.ts'
import { type History, type HistoryStep, histories } from '../model/histories.ts'
import { openModel } from '../model/subject.ts'
import { LEDGER_WRITERS, type Store, subjectOver, toAccount, toTransfer } from '../support/ledger-subjects.ts'
import { addTenant, type TestDatabase, withDatabase } from '../support/postgres.ts'
import type { Subject } from '../vectors/subject.ts'
import { runs } from './size.ts'

let database: TestDatabase
let pools: Pools
before(async () => {
  database = await withDatabase()
  pools = openPools(database)
})
after(async () => {
  await pools.end()
  await database.close()
})

let tenants = 0
const openStore = async (): Promise<Store> => {
  tenants++
  const connections = connectionsOf(pools.hot)
  const commit = createCommit({
    connections,
    writers: LEDGER_WRITERS,
    clock: { now: () => Date.now() },
    classify: (error) => (classifyError(error) === 'transient' ? 'transient' : 'other'),
  })
  return { commit, read: createRead(connections), tenant: await addTenant(database, tenants), pools }
}

type Request = Exclude<HistoryStep, { kind: 'advance' | 'close' }>

/** How each request is sent: with a key or without, once or twice, and whether the batch ends after it. */
type Sending = { readonly endsBatch: boolean; readonly keyed: boolean; readonly twice: boolean }

const sendings = fc.array(fc.record({ endsBatch: fc.boolean(), keyed: fc.boolean(), twice: fc.boolean() }), {
  minLength: 15,
  maxLength: 15,
})

const replyOf = ({ statuses }: { readonly statuses: readonly string[] }): Reply => ({
  status: 200,
  body: JSON.stringify(statuses),
  objectId: null,
  code: null,
})

const submit = async (
  { commit, tenant }: Store,
  request: Request,
  key: string | null,
): Promise<readonly string[]> => {
  const digest = createHash('sha256')
    .update(key ?? '')
    .digest()
  const claim: Claim | null = key === null ? null : { scope: '', key, digest, phase: 'whole', worker: null }
  const wanted = { tenant, bytes: 0, deadlineMs: Number.MAX_SAFE_INTEGER, claim, reply: replyOf }
  const outcome =
    request.kind === 'create_accounts'
      ? await commit.submit(createAccountsUnit(wanted, request.commands.map(toAccount)))
      : await commit.submit(createTransfersUnit(wanted, request.commands.map(toTransfer)))
  if (outcome.kind === 'decided') return outcome.answer
  assert.equal(outcome.kind, 'replayed')
  return outcome.kind === 'replayed' ? (JSON.parse(outcome.reply.body ?? '[]') as string[]) : []
}

/** Sends every request in its group; what a key's second sending is answered must be what the first was. */
const playGrouped = async (
  store: Store,
  history: History,
  how: readonly Sending[],
): Promise<ReadonlyMap<Request, readonly string[]>> => {
  const answers = new Map<Request, readonly string[]>()
  let group: Promise<void>[] = []
  const end = async (): Promise<void> => {
    await Promise.all(group)
    group = []
  }
  const subject = subjectOver(store, async () => undefined)
  for (const [index, step] of history.entries()) {
    if (step.kind === 'advance') {
      await end()
      await subject.advance(step.seconds)
      continue
    }
    const { endsBatch = true, keyed = false, twice = false } = how[index] ?? {}
    if (step.kind === 'close') {
      group.push(Promise.resolve(subject.closeBooks(step.through)))
      if (endsBatch) await end()
      continue
    }
    const key = keyed ? `key ${index}` : null
    group.push(submit(store, step, key).then((statuses) => void answers.set(step, statuses)))
    if (keyed && twice) {
      group.push(submit(store, step, key).then((statuses) => assert.deepEqual(statuses, answers.get(step))))
    }
    if (endsBatch) await end()
  }
  await end()
  return answers
}

/** A hold of one second runs out by itself when the machine stands still for as long; then the history is played again. */
const SLOW_MS = 900
const ATTEMPTS = 5

const differences = async (history: History, how: readonly Sending[]): Promise<readonly string[]> => {
  for (let attempt = 1; ; attempt++) {
    const store = await openStore()
    const startMs = performance.now()
    const answers = await playGrouped(store, history, how)
    const played: Subject = {
      ...subjectOver(store, async () => undefined),
      createAccounts: (commands) => [...answers].find(([step]) => step.commands === commands)?.[1] ?? [],
      createTransfers: (commands) => [...answers].find(([step]) => step.commands === commands)?.[1] ?? [],
      advance: () => undefined,
      closeBooks: () => undefined,
    }
    const found = await differencesBetween(history, openModel(), played)
    if (found.length === 0 || attempt === ATTEMPTS || performance.now() - startMs < SLOW_MS) return found
  }
}

test('requests that share commits, by whatever grouping, end as requests that come one at a time', async () => {
  const sizes = { maxSteps: 14, maxCommands: 8 }
  await fc.assert(
    fc.asyncProperty(histories(sizes), sendings, async (history, how) => {
      assert.deepEqual(await differences(history, how), [])
    }),
    runs({ ci: 60, full: 1_500, seed: 20_260_306 }),
  )
})
