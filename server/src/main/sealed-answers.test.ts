import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Commit, Decision, Draft, Outcome, Unit } from '../database/index.ts'
import type { Reply, TenantId } from '../kit/index.ts'
import { type DataKey, type Place, sealWith, type Vault } from '../vault/index.ts'
import { sealAnswers } from './sealed-answers.ts'

const SECRET = `{"client_secret":"pi_1_secret_${'0a'.repeat(16)}"}`
const PLAIN = '{"id":"re_1"}'
const KEY: DataKey = { version: 1, bytes: Buffer.alloc(32, 3) }

const places: Place[] = []
const vault: Pick<Vault, 'dataKey' | 'open'> = {
  dataKey: async () => KEY,
  open: async (_tenant, place, sealed) => {
    places.push(place)
    // What was sealed at this place for this tenant has the same length; the vault's own tests open it.
    return Buffer.from(
      sealed.length === sealWith(KEY, 1 as TenantId, place, Buffer.from(SECRET)).length ? SECRET : '?',
    )
  },
}

const replyOf = (body: string): Reply => ({ status: 200, body, objectId: null, code: null })

/** A commit that stores what the unit decides, and gives it back as a repeat. */
const stored: Reply[] = []
const commit: Pick<Commit, 'submit'> = {
  submit: async <Answer>(unit: Unit<Answer>): Promise<Outcome<Answer>> => {
    const decision: Decision<Answer> = unit.decide({} as Draft)
    if (decision.kind !== 'answer' || decision.reply === null) throw new Error('a reply was decided')
    stored.push(decision.reply)
    const { sealed, body, ...rest } = decision.reply
    const isSealed = sealed === undefined ? {} : { isSealed: true }
    return { kind: 'replayed', reply: { ...rest, body: sealed ?? body, ...isSealed } }
  },
}

const unitOf = (body: string): Unit<null> => ({
  tenant: 1 as TenantId,
  name: 'test',
  items: 1,
  bytes: 1,
  deadlineMs: 1,
  claim: { scope: '', key: 'a key', digest: Buffer.alloc(32), phase: 'whole', worker: null },
  reads: [],
  decide: () => ({ kind: 'answer', answer: null, reply: replyOf(body) }),
})

const submit = async (body: string, isOn: boolean): Promise<readonly [Reply | undefined, string | null]> => {
  const outcome = await sealAnswers(commit as Commit, vault as Vault, isOn).submit(unitOf(body))
  assert.ok(outcome.kind === 'replayed')
  assert.equal(outcome.reply.isSealed, undefined)
  return [stored.at(-1), outcome.reply.body]
}

test('an answer that tells a client_secret is stored sealed, and told again as it was', async () => {
  const [kept, told] = await submit(SECRET, true)
  assert.ok(kept?.sealed !== undefined && !Buffer.from(kept.sealed, 'base64').includes('_secret_'))
  assert.equal(told, SECRET)
  assert.deepEqual(places.at(-1), { table: 'idempotency_answers', column: 'body', row: ' a key' })
})

test('every other answer is stored as it is, and so are all while an older release may run', async () => {
  for (const [body, isOn] of [
    [PLAIN, true],
    [SECRET, false],
  ] as const) {
    const [kept, told] = await submit(body, isOn)
    assert.equal(kept?.sealed, undefined)
    assert.equal(told, body)
  }
})
