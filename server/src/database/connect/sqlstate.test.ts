import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  classifyError,
  classifySqlstate,
  type ErrorClass,
  isDamage,
  isDiskFull,
  SQLSTATES,
  sqlstateOf,
} from './sqlstate.ts'

/** Written out once more, by hand and code by code, so that a change of the table is seen here. */
const KNOWN: Readonly<Record<ErrorClass, readonly string[]>> = {
  transient: [
    ...['40001', '40P01', '40003', '40000'],
    ...['08000', '08001', '08003', '08004', '08006', '08007', '08P01'],
    ...['57P01', '57P02', '57P03', '57P05', '57014'],
    ...['53000', '53100', '53200', '53300', '53400'],
    ...['55P03', '55006', '25P03', '25P04', '25006', '58000', '58030'],
  ],
  constraint: ['23000', '23502', '23503', '23505', '23514', '23P01', '40002'],
  other: [
    '42601',
    '42501',
    '42P01',
    '22012',
    '22P02',
    '25P02',
    '28P01',
    '3D000',
    '57000',
    '57P04',
    'XX000',
    'XX001',
  ],
}

test('every code is of the class that it was given by hand', () => {
  for (const [wanted, states] of Object.entries(KNOWN))
    for (const state of states) assert.equal(classifySqlstate(state), wanted, state)
})

test('every entry of the table decides at least one code', () => {
  const states = Object.values(KNOWN).flat()
  for (const entry of SQLSTATES) {
    const decided = states.filter((state) => SQLSTATES.find((one) => state.startsWith(one.state)) === entry)
    assert.notEqual(decided.length, 0, `${entry.state} decides no code`)
    for (const state of decided) assert.equal(classifySqlstate(state), entry.class)
  }
})

const errorWith = (fields: object, message = 'x'): Error => Object.assign(new Error(message), fields)

test('only an error of PostgreSQL has a SQLSTATE', () => {
  assert.equal(sqlstateOf(errorWith({ code: '40001', severity: 'ERROR' })), '40001')
  // EPIPE has five letters as well.
  assert.equal(sqlstateOf(errorWith({ code: 'EPIPE' })), null)
  assert.equal(sqlstateOf('40001'), null)
})

test('a connection that fails before an answer is transient, whatever says so', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'])
    assert.equal(classifyError(errorWith({ code })), 'transient', code)
  for (const message of [
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])
    assert.equal(classifyError(new Error(message)), 'transient', message)
})

test('what is not of the database is other', () => {
  assert.equal(classifyError(new TypeError('x is not a function')), 'other')
  assert.equal(classifyError(undefined), 'other')
})

test('a disk is full by its code, and a quota or a limit by its words', () => {
  const full = [
    errorWith(
      { code: '53100', severity: 'ERROR' },
      'could not extend file "base/5/1": No space left on device',
    ),
    errorWith({ code: 'XX000', severity: 'ERROR' }, 'could not extend file "base/5/1": Disk quota exceeded'),
    errorWith(
      { code: 'XX000', severity: 'PANIC' },
      'could not write to file "pg_wal/xlogtemp.1": File too large',
    ),
  ]
  for (const error of full) {
    assert.ok(isDiskFull(error), error.message)
    assert.equal(classifyError(error), 'transient')
  }
  assert.ok(
    !isDiskFull(errorWith({ code: 'XX000', severity: 'ERROR' }, 'unexpected table_lock_status value')),
  )
  assert.ok(!isDiskFull(errorWith({ code: '22001', severity: 'ERROR' }, 'value too long: File too large')))
})

test('damage is told by its code, and is not tried again', () => {
  const damaged = errorWith(
    { code: 'XX001', severity: 'ERROR' },
    'invalid page in block 3 of relation "base/5/1"',
  )
  assert.ok(isDamage(damaged))
  assert.equal(classifyError(damaged), 'other')
  assert.ok(!isDamage(errorWith({ code: 'XX000', severity: 'ERROR' })))
})
