import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Uuid } from '../../kit/index.ts'
import type { Anchor } from './anchor.ts'
import { type ChainHead, chain, NO_HEAD } from './entry.ts'
import { isOfLostTime, type LostTime, lostTimeOf, RESTORED } from './lost-time.ts'
import type { Act } from './model.ts'
import { ChainCheck, type ChainReport, type StoredEntry } from './verify-chain.ts'

const ID = '01900000-0000-7000-8000-000000000000' as Uuid
const AT = 1_795_000_000

const actOf = (action: string, after: Act['after']): Act => ({
  actor: { kind: 'operator', id: 'ada', name: null, role: null },
  action,
  subject: 'it',
  reason: null,
  before: null,
  after,
})

/** One entry a second. */
const extend = (log: readonly StoredEntry[], act: Act, second: number): readonly StoredEntry[] => {
  const last = log.at(-1)
  const head: ChainHead = last === undefined ? NO_HEAD : { position: last.position, hash: last.hash }
  const createdMicros = BigInt(second) * 1_000_000n
  const { entry, content } = chain(head, act, { id: ID, recordedMs: second * 1_000, createdMicros })
  const { id, position, action, subject, previousHash, hash } = entry
  return [...log, { id, position, action, subject, previousHash, hash, content, createdMicros }]
}

const life = (log: readonly StoredEntry[], from: number, count: number): readonly StoredEntry[] => {
  let longer = log
  for (let second = from; second < from + count; second++)
    longer = extend(longer, actOf('launch.held', { second }), second)
  return longer
}

const signed = (log: readonly StoredEntry[], position: number, time: number): Anchor => ({
  tenant: 1,
  position,
  hash: log[position - 1]?.hash ?? '',
  time,
  key: 'k',
  signature: 's',
})

const first = life([], AT, 10)
/** Restored to the fifth second, a minute later, and gone on. */
const restored = actOf(RESTORED, {
  restore: 'r',
  backup: '20261123T000000Z-aaaaaa',
  until: AT + 4,
  last_batch: 5,
})
const second = life(extend(first.slice(0, 5), restored, AT + 60), AT + 70, 6)
/** The same without a word about it, as somebody would have it who wants five entries gone. */
const cut = life(first.slice(0, 5), AT + 70, 7)

const examine = (log: readonly StoredEntry[], anchors: readonly Anchor[]): ChainReport => {
  const lost: readonly LostTime[] = log.flatMap((entry) => lostTimeOf(entry) ?? [])
  const check = new ChainCheck(anchors, (anchor) => isOfLostTime(anchor, lost))
  for (const entry of log) check.take(entry)
  return check.end(log.at(-1) ?? NO_HEAD)
}

const HEADS = [signed(first, 3, AT + 3), signed(first, 7, AT + 7), signed(first, 10, AT + 10)]

describe('heads that were signed in a time which a restore has lost', () => {
  test('are counted, and are no forgery where the log says that it was restored', () => {
    const { bad, lost, anchoredTo } = examine(second, HEADS)
    assert.deepEqual({ bad, lost, anchoredTo }, { bad: null, lost: 2, anchoredTo: 3 })
  })

  test('are a forgery where the log does not say so', () => {
    assert.match(examine(cut, HEADS).bad?.what ?? '', /not the entry that was signed/)
    assert.match(examine(first.slice(0, 5), HEADS).bad?.what ?? '', /was cut off/)
  })

  test('excuse no head that was signed before it, and none that was signed after it', () => {
    for (const time of [AT + 3, AT + 61]) {
      const { bad } = examine(second, [...HEADS, signed(first, 8, time)])
      assert.equal(bad?.position, 8, String(time))
    }
    const { bad } = examine(second, [...HEADS, { ...signed(second, 12, AT + 90), position: 20 }])
    assert.match(bad?.what ?? '', /was cut off/)
  })

  test('count as what they are where their entry stands after all', () => {
    const { bad, lost, anchoredTo } = examine(second, [signed(first, 5, AT + 5), signed(second, 12, AT + 90)])
    assert.deepEqual({ bad, lost, anchoredTo }, { bad: null, lost: 0, anchoredTo: 12 })
  })
})
