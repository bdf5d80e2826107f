import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id } from '../../../test/support/commands.ts'
import type { Reply, Uuid } from '../../kit/index.ts'
import { answersList, checkClaim, claimKey, claimsTable, storeClaim } from './claims.ts'
import { Draft } from './draft.ts'
import type { Claim, Decision } from './unit.ts'
import { Cell, WorkingSet } from './working-set.ts'

const ALICE = id(1)
const BOB = id(2)
const DIGEST = Buffer.alloc(32, 1)

const claimOf = (phase: Claim['phase'], worker: Uuid | null = null, digest = DIGEST): Claim => ({
  scope: '',
  key: 'k',
  digest,
  phase,
  worker,
})

const reply: Reply = { status: 200, body: '{"id":"la_1"}', objectId: 'la_1', code: null }
const answered: Decision<null> = { kind: 'answer', answer: null, reply }
const stepped: Decision<null> = { kind: 'step', answer: null, step: { asked: 'rail 7' }, leaseMs: 1_000 }

/** One key's story over several batches, each at a moment of the wall clock. */
class Story {
  readonly #set = new WorkingSet()

  at(wallMs: number): Draft {
    const cells = this.#set.cellsOf(claimsTable)
    const key = claimKey({ scope: '', key: 'k' })
    if (!cells.has(key)) cells.set(key, new Cell(null))
    const counters = {
      newestMicros: 0n,
      accountMicros: 0n,
      transferMicros: 0n,
      transferSequence: 0n,
      eventSequence: 0n,
    }
    return new Draft({ set: this.#set, counters, now: BigInt(wallMs) * 1_000n, wallMs, timeZone: 'UTC' })
  }

  /** What happens to a unit with this claim, as the commit plays it: the key is asked, then the decision is stored. */
  play(wallMs: number, claim: Claim, decision: Decision<null>): string {
    const draft = this.at(wallMs)
    const outcome = checkClaim(draft, claim)
    if (outcome !== undefined) return outcome.kind
    storeClaim(draft, claim, decision)
    return 'decided'
  }
}

const inUse = { name: 'Fault', kind: 'conflict', code: 'idempotency_key_in_use', retryAfterS: 1 }

describe('the key of a request of one unit', () => {
  test('is answered from the store when it comes again, with the very words', () => {
    const story = new Story()
    assert.equal(story.play(0, claimOf('whole'), answered), 'decided')
    assert.deepEqual(checkClaim(story.at(1), claimOf('whole')), { kind: 'replayed', reply })
  })

  test('is refused with another request', () => {
    const story = new Story()
    story.play(0, claimOf('whole'), answered)
    assert.deepEqual(checkClaim(story.at(1), claimOf('whole', null, Buffer.alloc(32, 2))), {
      kind: 'key_reused',
    })
  })

  test('is another key in another scope', () => {
    assert.notEqual(claimKey({ scope: 'acct_1', key: 'k' }), claimKey({ scope: '', key: 'k' }))
    assert.notEqual(claimKey({ scope: 'a', key: 'bc' }), claimKey({ scope: 'ab', key: 'c' }))
  })

  test('must be answered: a unit without a reply, or with a step, is a bug', () => {
    const story = new Story()
    assert.throws(() => story.play(0, claimOf('whole'), { kind: 'answer', answer: null, reply: null }), {
      name: 'Bug',
    })
    assert.throws(() => story.play(0, claimOf('whole'), stepped), { name: 'Bug' })
  })

  test('stores what it answered, once, with the moment of the tenant’s time', () => {
    const draft = new Story().at(5)
    storeClaim(draft, claimOf('whole'), answered)
    const [row] = draft.written().inserted(claimsTable)
    assert.deepEqual(
      [row?.answered, row?.status, row?.body, row?.createdMicros, row?.step],
      [true, 200, reply.body, 5_000n, null],
    )
    assert.deepEqual(draft.written().appended(answersList), [row])
  })
})

describe('the key of a request of several units', () => {
  test('is opened with a step and finished by the same worker', () => {
    const story = new Story()
    assert.equal(story.play(0, claimOf('open', ALICE), stepped), 'decided')
    assert.equal(story.play(500, claimOf('finish', ALICE), answered), 'decided')
    assert.deepEqual(checkClaim(story.at(600), claimOf('open', BOB)), { kind: 'replayed', reply })
  })

  test('keeps its first moment through all its steps, for that is the day its answer is filed under', () => {
    const story = new Story()
    story.play(3, claimOf('open', ALICE), stepped)
    const draft = story.at(500)
    assert.equal(checkClaim(draft, claimOf('finish', ALICE)), undefined)
    storeClaim(draft, claimOf('finish', ALICE), answered)
    assert.equal(draft.get(claimsTable, claimKey({ scope: '', key: 'k' }))?.createdMicros, 3_000n)
  })

  test('is 409 for everybody else while the lease lives, to the last millisecond', () => {
    const story = new Story()
    story.play(0, claimOf('open', ALICE), stepped)
    for (const phase of ['open', 'finish', 'whole'] as const) {
      assert.throws(() => checkClaim(story.at(999), claimOf(phase, BOB)), inUse)
    }
    assert.deepEqual(checkClaim(story.at(1_000), claimOf('open', BOB)), {
      kind: 'resumed',
      step: { asked: 'rail 7' },
    })
  })

  test('is taken over where the lease is over: the step goes with it, and the first worker can finish no more', () => {
    const story = new Story()
    story.play(0, claimOf('open', ALICE), stepped)
    assert.equal(story.play(2_000, claimOf('open', BOB), stepped), 'resumed')
    assert.throws(() => checkClaim(story.at(2_001), claimOf('finish', ALICE)), inUse)
    assert.equal(story.play(2_002, claimOf('finish', BOB), answered), 'decided')
    assert.deepEqual(checkClaim(story.at(2_003), claimOf('finish', ALICE)), { kind: 'replayed', reply })
  })

  test('is taken over by one of two who come: the other is told 409', () => {
    const story = new Story()
    story.play(0, claimOf('open', ALICE), stepped)
    assert.equal(story.play(2_000, claimOf('open', BOB), stepped), 'resumed')
    assert.throws(() => checkClaim(story.at(2_000), claimOf('open', id(3))), inUse)
  })

  test('may be finished late by a worker whom nobody has replaced', () => {
    const story = new Story()
    story.play(0, claimOf('open', ALICE), stepped)
    assert.equal(story.play(90_000, claimOf('finish', ALICE), answered), 'decided')
  })

  test('is no way round a lost lease: a finish without the lease is refused, even when nobody works on it', () => {
    const story = new Story()
    story.play(0, claimOf('open', ALICE), stepped)
    assert.throws(() => checkClaim(story.at(90_000), claimOf('finish', BOB)), inUse)
  })

  test('is not finished before it was begun: that is a bug', () => {
    assert.throws(() => checkClaim(new Story().at(0), claimOf('finish', ALICE)), { name: 'Bug' })
  })

  test('of another request is told so, whoever works on it', () => {
    const story = new Story()
    story.play(0, claimOf('open', ALICE), stepped)
    assert.deepEqual(checkClaim(story.at(1), claimOf('open', BOB, Buffer.alloc(32, 2))), {
      kind: 'key_reused',
    })
  })
})
