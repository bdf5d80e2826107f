import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkProfile } from './check-profile.ts'
import { headerProblems } from './header.ts'
import { type BadLine, createLineReader, type Movement } from './lines.ts'
import type { Profile } from './profile.ts'

const base = {
  name: 'bank',
  format: { date_format: 'DD.MM.YYYY', decimal_separator: ',', group_separator: '.' },
  columns: { account: 'Konto', date: 'Tag', amount: 'Betrag', balance: 'Saldo' },
  currency: 'EUR',
  ledger: { number: 1, name: 'Main' },
  accounts: { code: 1 },
  counter_accounts: [
    { reference: 'cash', code: 10 },
    { reference: 'fees', code: 20 },
    { reference: 'interest', code: 30 },
  ],
  default_counter_account: 'cash',
  differences_account: { reference: 'differences', code: 99 },
}

const profileOf = (changes: Readonly<Record<string, unknown>>): Profile => {
  const checked = checkProfile({ ...base, ...changes })
  assert.ok(checked.ok, JSON.stringify(checked))
  return checked.profile
}

const readOne = (profile: Profile, header: string, line: string): Movement | BadLine => {
  assert.deepEqual(headerProblems(profile, header.split(';')), [])
  return createLineReader(profile, header.split(';'))({ line: 7, fields: line.split(';') })
}

const HEADER = 'Konto;Tag;Betrag;Saldo;Art'

test('a signed amount is read with the separators and the date format of the profile', () => {
  const read = readOne(profileOf({}), HEADER, ' A1 ;31.12.2024;-1.234,50;10.000,00;x')
  assert.deepEqual(read, {
    line: 7,
    account: 'A1',
    date: '2024-12-31',
    day: 20_088,
    valueDate: null,
    amount: -123_450n,
    balance: 1_000_000n,
    category: '',
    externalId: null,
    counterAccount: { reference: 'cash', code: 10 },
    metadata: null,
    shortened: 0,
  })
})

test('a direction column gives the sign, and a negative amount turns it round', () => {
  const profile = profileOf({
    columns: { ...base.columns, direction: 'Art' },
    directions: { credit: ['H', 'Haben'], debit: ['S'] },
  })
  const amountOf = (line: string): unknown => {
    const read = readOne(profile, HEADER, line)
    return 'reason' in read ? read.reason : read.amount
  }
  assert.equal(amountOf('A;01.01.2024;5,00;0,00;H'), 500n)
  assert.equal(amountOf('A;01.01.2024;5,00;0,00;Haben'), 500n)
  assert.equal(amountOf('A;01.01.2024;5,00;0,00; S '), -500n)
  assert.equal(amountOf('A;01.01.2024;-5,00;0,00;S'), 500n)
  assert.equal(
    amountOf('A;01.01.2024;5,00;0,00;X'),
    '"X" is not a direction; the profile knows "H" or "Haben" or "S"',
  )
})

test('two columns give the sign by which of them is filled', () => {
  const { amount: _amount, ...rest } = base.columns
  const profile = profileOf({ columns: { ...rest, credit: 'Haben', debit: 'Soll' } })
  const header = 'Konto;Tag;Haben;Soll;Saldo'
  const table: readonly (readonly [string, bigint | string])[] = [
    ['A;01.01.2024;5,00;;1,00', 500n],
    ['A;01.01.2024;;5,00;1,00', -500n],
    ['A;01.01.2024;5,00;0,00;1,00', 500n],
    ['A;01.01.2024;0,00;5,00;1,00', -500n],
    ['A;01.01.2024;;;1,00', 'neither credit nor debit is given'],
    ['A;01.01.2024;5,00;5,00;1,00', 'both credit and debit are given'],
  ]
  for (const [line, expected] of table) {
    const read = readOne(profile, header, line)
    assert.equal('reason' in read ? read.reason : read.amount, expected, line)
  }
})

test('a line that cannot be read is named with its column and the reason', () => {
  const profile = profileOf({ columns: { ...base.columns, external_id: 'Art' } })
  const table: readonly (readonly [string, string | null, RegExp])[] = [
    ['A;01.01.2024;5,00', null, /has 3 fields where the header has 5/],
    [';01.01.2024;5,00;5,00;x', 'Konto', /the account is empty/],
    [`${'A'.repeat(201)};01.01.2024;5,00;5,00;x`, 'Konto', /longer than 200/],
    ['A;32.01.2024;5,00;5,00;x', 'Tag', /not a day of the calendar/],
    ['A;;5,00;5,00;x', 'Tag', /the date is empty/],
    ['A;01.01.2024;5,005;5,00;x', 'Betrag', /more than 2 decimals/],
    ['A;01.01.2024;5.00;5,00;x', 'Betrag', /not an amount/],
    ['A;01.01.2024;;5,00;x', 'Betrag', /the amount is empty/],
    ['A;01.01.2024;5,00;;x', 'Saldo', /the amount is empty/],
    ['A;01.01.2024;5,00;n/a;x', 'Saldo', /"n\/a" is not an amount/],
    ['A;01.01.2024;-92.233.720.368.547.758,08;5,00;x', null, /cannot be posted/],
    [`A;01.01.2024;5,00;5,00;${'x'.repeat(201)}`, 'Art', /longer than 200/],
    ['A\ufffd;01.01.2024;5,00;5,00;x', 'Konto', /is not utf-8; see format\.encoding/],
  ]
  for (const [line, column, reason] of table) {
    const read = readOne(profile, HEADER, line)
    assert.ok('reason' in read, line)
    assert.equal(read.column, column, line)
    assert.equal(read.line, 7)
    assert.match(read.reason, reason)
  }
})

test('the first rule that fits chooses the counter-account', () => {
  const profile = profileOf({
    rules: [
      { when: { Art: 'Zins' }, side: 'debit', counter_account: 'fees' },
      { when: { Art: ['Zins', 'Bonus'] }, counter_account: 'interest' },
      { when: { Art: 'Preis', Konto: 'B' }, counter_account: 'fees' },
      { when: { Art: '' }, counter_account: 'fees' },
    ],
  })
  const table: readonly (readonly [string, string])[] = [
    ['A;01.01.2024;-5,00;0,00;Zins', 'fees'],
    ['A;01.01.2024;5,00;0,00;Zins', 'interest'],
    ['A;01.01.2024;5,00;0,00;Bonus', 'interest'],
    ['A;01.01.2024;5,00;0,00;Preis', 'cash'],
    ['B;01.01.2024;5,00;0,00;Preis', 'fees'],
    ['A;01.01.2024;5,00;0,00;', 'fees'],
    ['A;01.01.2024;5,00;0,00;anything', 'cash'],
  ]
  for (const [line, reference] of table) {
    const read = readOne(profile, HEADER, line)
    assert.ok(!('reason' in read))
    assert.equal(read.counterAccount.reference, reference, line)
  }
})

test('value date, category, id and metadata are taken where the profile names them', () => {
  const profile = profileOf({
    columns: { ...base.columns, value_date: 'Wert', category: 'Art', external_id: 'Id' },
    metadata: { text: 'Text', kind: 'Art' },
  })
  const header = 'Konto;Tag;Betrag;Saldo;Art;Wert;Id;Text'
  const read = readOne(profile, header, `A;01.01.2024;1,00;1,00;Zins;02.01.2024;77;${'t'.repeat(501)}`)
  assert.ok(!('reason' in read))
  assert.deepEqual(
    [read.valueDate, read.category, read.externalId, read.shortened],
    ['2024-01-02', 'Zins', '77', 1],
  )
  assert.deepEqual(read.metadata, { text: 't'.repeat(500), kind: 'Zins' })
  const bare = readOne(profile, header, 'A;01.01.2024;1,00;1,00;;;;')
  assert.ok(!('reason' in bare))
  assert.deepEqual([bare.valueDate, bare.category, bare.externalId, bare.metadata], [null, '', null, null])
})

test('a header that does not fit says which key names which missing column', () => {
  const profile = profileOf({ rules: [{ when: { Art: 'x' }, counter_account: 'fees' }] })
  assert.deepEqual(headerProblems(profile, ['Konto', 'Tag', 'Saldo', 'Saldo']), [
    'columns.amount names the column "Betrag", which the file does not have; it has Konto, Tag, Saldo, Saldo',
    'columns.balance names the column "Saldo", which the file has 2 times',
    'rules[0].when names the column "Art", which the file does not have; it has Konto, Tag, Saldo, Saldo',
  ])
})
