import assert from 'node:assert/strict'
import { test } from 'node:test'
import berka from '../profiles/berka.json' with { type: 'json' }
import { checkProfile } from './check-profile.ts'

const whole: Readonly<Record<string, unknown>> = berka

/** What the check says about the Berka profile with some keys changed; undefined takes a key out. */
const problemsOf = (changes: Readonly<Record<string, unknown>>): readonly string[] => {
  const changed = Object.fromEntries(
    Object.entries({ ...whole, ...changes }).filter(([, value]) => value !== undefined),
  )
  const checked = checkProfile(changed)
  return checked.ok ? [] : checked.problems.map(({ key, message }) => `${key}: ${message}`)
}

test('the built-in profile is accepted', () => {
  const checked = checkProfile(berka)
  assert.ok(checked.ok)
  assert.equal(checked.profile.currency.code, 'CZK')
  assert.deepEqual(checked.profile.columns.amount, {
    kind: 'direction',
    amount: 'amount',
    direction: 'direction',
    sides: new Map([
      ['credit', 'credit'],
      ['debit', 'debit'],
    ]),
  })
})

const columns = berka.columns
const { amount: _amount, direction: _direction, ...noAmount } = columns

/** A change to the profile, and what must be said about it. */
const FAULTS: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
  [{ colour: 'red' }, /^colour: is not known here; the keys are name, description/],
  [{ name: undefined }, /^name: is missing; give the old system's name/],
  [{ name: 5 }, /^name: must be a text/],
  [{ name: '' }, /^name: is empty/],
  [{ name: 'x'.repeat(65) }, /^name: is longer than 64 characters/],
  [{ format: undefined }, /^format: must be an object with encoding, delimiter/],
  [{ format: { ...berka.format, encodng: 'utf-8' } }, /^format\.encodng: is not known here/],
  [{ format: { ...berka.format, encoding: 'utf8' } }, /^format\.encoding: must be one of "utf-8", "latin1"/],
  [{ format: { ...berka.format, delimiter: ';;' } }, /^format\.delimiter: must be one character/],
  [{ format: { ...berka.format, delimiter: '\n' } }, /^format\.delimiter: must be one character/],
  [{ format: { ...berka.format, quote: ',' } }, /^format\.quote: must differ from format\.delimiter/],
  [{ format: { ...berka.format, group_separator: '.' } }, /^format\.group_separator: must differ/],
  [{ format: { ...berka.format, date_format: 'YYYY-MM' } }, /^format\.date_format: cannot be read: .*YYMMDD/],
  [{ format: { ...berka.format, date_format: undefined } }, /^format\.date_format: is missing/],
  [{ columns: { ...columns, balance: undefined } }, /^columns\.balance: is missing/],
  [{ columns: { ...columns, saldo: 'x' } }, /^columns\.saldo: is not known here/],
  [{ columns: noAmount, directions: undefined }, /^columns\.amount: is missing; give either amount alone/],
  [{ columns: { ...columns, credit: 'in', debit: 'out' } }, /^columns\.amount: cannot stand beside credit/],
  [{ columns: { ...noAmount, credit: 'in' }, directions: undefined }, /^columns\.debit: is missing/],
  [{ columns: { ...noAmount, amount: 'amount' } }, /^directions: needs columns\.direction/],
  [{ directions: undefined }, /^directions: must be an object with credit, debit/],
  [{ directions: { credit: 'C', debit: 'C' } }, /^directions\.debit: "C" stands for both sides/],
  [
    { directions: { credit: ['C', 1], debit: 'D' } },
    /^directions\.credit: must be what the direction column/,
  ],
  [{ order: 'newest_first' }, /^order: must be one of "posting"/],
  [{ currency: 'czk' }, /^currency: "czk" is not a currency code; write CZK/],
  [{ currency: 'XAU' }, /^currency: XAU \(Gold\) has no minor unit/],
  [{ currency: undefined }, /^currency: is missing/],
  [
    { ledger: { number: 0, name: 'x' } },
    /^ledger\.number: must be the number of the ledger, an integer from 1/,
  ],
  [{ ledger: { number: 1 } }, /^ledger\.name: is missing/],
  [{ accounts: { code: 70_000 } }, /^accounts\.code: must be the code .* from 1 to 65535/],
  [
    { accounts: { code: 1, normal_side: 'left' } },
    /^accounts\.normal_side: must be one of "credit", "debit"/,
  ],
  [{ accounts: { code: 1, flags: ['imported'] } }, /^accounts\.flags: may hold debits_must_not/],
  [
    { accounts: { code: 1, flags: ['debits_must_not_exceed_credits', 'credits_must_not_exceed_debits'] } },
    /^accounts\.flags: may hold only one of the two limits/,
  ],
  [{ counter_accounts: undefined, rules: [] }, /^counter_accounts: is missing; list at least one/],
  [{ counter_accounts: 'cash', rules: [] }, /^counter_accounts: must be a list/],
  [{ counter_accounts: [{ reference: 'cash' }], rules: [] }, /^counter_accounts\[0\]\.code: is missing/],
  [
    { counter_accounts: [...berka.counter_accounts, { reference: 'cash', code: 1 }] },
    /^counter_accounts: holds the reference "cash" twice/,
  ],
  [{ default_counter_account: 'nowhere' }, /^default_counter_account: "nowhere" is not among/],
  [{ rules: [{ when: { a: 'b' }, counter_account: 'x' }] }, /^rules\[0\]\.counter_account: "x" is not among/],
  [{ rules: [{ when: {}, counter_account: 'cash' }] }, /^rules\[0\]\.when: fits everything/],
  [
    { rules: [{ when: { a: 5 }, counter_account: 'cash' }] },
    /^rules\[0\]\.when\.a: must be the values that fit/,
  ],
  [{ rules: ['cash'] }, /^rules\[0\]: must be an object/],
  [{ differences_account: undefined }, /^differences_account: must be an object with reference, code/],
  [
    { differences_account: { reference: 'cash', code: 1 } },
    /^differences_account\.reference: must not be one of/,
  ],
  [{ metadata: { '1x': 'a' } }, /^metadata\.1x: must begin with a letter/],
  [{ metadata: { key: 1 } }, /^metadata\.key: must be a text/],
]

test('each fault is named with its key and the fix', () => {
  for (const [changes, expected] of FAULTS) {
    const problems = problemsOf(changes)
    assert.ok(
      problems.some((one) => expected.test(one)),
      `${JSON.stringify(changes)} should say ${expected}, says ${problems.join(' | ')}`,
    )
  }
})

test('all faults are named at once', () => {
  const problems = problemsOf({ name: undefined, currency: 'EURO', colour: 'red' })
  assert.equal(problems.length, 3, problems.join(' | '))
})

test('what is no object at all is refused', () => {
  for (const value of [null, [], 'berka', 5]) assert.equal(checkProfile(value).ok, false)
})

test('what may be left out has a plain meaning', () => {
  const checked = checkProfile({
    name: 'plain',
    format: { date_format: 'YYYY-MM-DD' },
    columns: { account: 'a', date: 'd', amount: 'x', balance: 'b' },
    currency: 'EUR',
    ledger: { number: 1, name: 'Main' },
    accounts: { code: 1 },
    counter_accounts: [{ reference: 'cash', code: 2 }],
    default_counter_account: 'cash',
    differences_account: { reference: 'differences', code: 3 },
  })
  assert.ok(checked.ok)
  const { encoding, delimiter, quote, numbers, accounts, rules, metadata, columns: places } = checked.profile
  assert.deepEqual(
    { encoding, delimiter, quote, numbers },
    { encoding: 'utf-8', delimiter: ',', quote: '"', numbers: { decimalSeparator: '.', groupSeparator: '' } },
  )
  assert.deepEqual(accounts, { code: 1, normalSide: 'credit', referencePrefix: '', flags: [] })
  assert.deepEqual([rules, metadata, places.amount], [[], [], { kind: 'signed', amount: 'x' }])
})
