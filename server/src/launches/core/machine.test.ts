import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MOVES, type MoveName, movesFrom, nextStatus, whyNot } from './machine.ts'
import type { LaunchStatus } from './model.ts'

/** The table of model.ts once more, the other way round: what each state lets happen, and where it leads. */
const TABLE: Readonly<Record<LaunchStatus, Partial<Record<MoveName, LaunchStatus>>>> = {
  draft: {
    edit: 'draft',
    write_risk: 'draft',
    open_premortem: 'draft',
    sign: 'draft',
    complete_signatures: 'signed',
    waive: 'draft',
    abandon: 'abandoned',
  },
  signed: {
    edit: 'draft',
    lapse: 'draft',
    waive: 'signed',
    arm: 'armed',
    start: 'running',
    abandon: 'abandoned',
  },
  armed: {
    edit: 'draft',
    lapse: 'draft',
    waive: 'armed',
    arm: 'armed',
    start: 'running',
    roll_back: 'rolling_back',
    abandon: 'abandoned',
  },
  running: {
    waive: 'running',
    hold: 'held',
    approve: 'running',
    advance: 'running',
    complete: 'completed',
    roll_back: 'rolling_back',
  },
  held: { waive: 'held', resume: 'running', roll_back: 'rolling_back' },
  rolling_back: { finish_rollback: 'rolled_back' },
  rolled_back: { abandon: 'abandoned', reopen: 'draft' },
  completed: { roll_back: 'rolling_back' },
  abandoned: { reopen: 'draft' },
}

const STATUSES = Object.keys(TABLE) as LaunchStatus[]

describe('the states of a launch', () => {
  test('are left by what the table says, and by nothing else', () => {
    for (const status of STATUSES)
      for (const move of Object.keys(MOVES) as MoveName[])
        assert.equal(nextStatus(status, move), TABLE[status][move] ?? null, `${status} ${move}`)
  })

  test('say what is possible from them', () => {
    for (const status of STATUSES)
      assert.deepEqual(movesFrom(status).toSorted(), Object.keys(TABLE[status]).toSorted())
  })

  test('always have a way back to nobody exposed', () => {
    for (const status of STATUSES) {
      const reached = new Set<LaunchStatus>([status])
      for (const from of reached) for (const to of Object.values(TABLE[from])) reached.add(to)
      assert.ok(reached.has('rolled_back') || reached.has('abandoned'), status)
      assert.ok(reached.has('draft'), status)
    }
  })

  test('say in a sentence why something cannot be', () => {
    assert.equal(
      whyNot('held', 'start'),
      'A launch that is held cannot be started: it must be signed or armed.',
    )
  })
})
