import type { AmountColumns, Profile, Side } from './profile.ts'
import { inside, type Keys, optionalText, report, textAt, textsOf } from './profile-keys.ts'

const COLUMNS = [
  'account',
  'date',
  'value_date',
  'amount',
  'direction',
  'credit',
  'debit',
  'balance',
  'category',
  'external_id',
]

const FORMS =
  'give either amount alone (signed), or amount and direction, or the two columns credit and debit'

const checkDirections = (top: Keys): ReadonlyMap<string, Side> => {
  const keys = inside(top, 'directions', ['credit', 'debit'])
  const sides = new Map<string, Side>()
  for (const side of ['credit', 'debit'] as const) {
    for (const value of textsOf(keys, side, `what the direction column says for a ${side}`)) {
      if (sides.has(value)) report(keys, side, `"${value}" stands for both sides; it must be one`)
      sides.set(value, side)
    }
  }
  return sides
}

const checkAmount = (top: Keys, columns: Keys): AmountColumns | null => {
  const has = (key: string): boolean => columns.value[key] !== undefined
  const column = (key: string): string => textAt(columns, key, 'the name of the column')
  if (top.value['directions'] !== undefined && !has('direction')) {
    report(top, 'directions', 'needs columns.direction; name that column or take directions out')
  }
  if (has('credit') || has('debit')) {
    if (has('amount') || has('direction'))
      report(columns, 'amount', `cannot stand beside credit and debit; ${FORMS}`)
    return { kind: 'two_columns', credit: column('credit'), debit: column('debit') }
  }
  if (!has('amount')) {
    report(columns, 'amount', `is missing; ${FORMS}`)
    return null
  }
  if (!has('direction')) return { kind: 'signed', amount: column('amount') }
  return {
    kind: 'direction',
    amount: column('amount'),
    direction: column('direction'),
    sides: checkDirections(top),
  }
}

/** Which column of the file holds what. */
export const checkColumns = (top: Keys): Profile['columns'] | null => {
  const keys = inside(top, 'columns', COLUMNS)
  const amount = checkAmount(top, keys)
  const columns = {
    account: textAt(keys, 'account', 'the column of the account number'),
    date: textAt(keys, 'date', 'the column of the booking date'),
    valueDate: optionalText(keys, 'value_date', 'the column of the value date'),
    balance: textAt(keys, 'balance', "the column of the old system's balance after the line"),
    category: optionalText(keys, 'category', 'the column of the category'),
    externalId: optionalText(keys, 'external_id', "the column of the old system's id of the line"),
  }
  return amount === null ? null : { ...columns, amount }
}
