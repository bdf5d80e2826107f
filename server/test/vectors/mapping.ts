import type { Id } from '../model/command.ts'
import { MAX_ID, ZERO_ID } from '../model/command.ts'

/** How the recorded histories' small numbers become our ids and currencies, and their answers our answers. */

/** Where our ledger has another name for TigerBeetle's answer. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['exists_with_different_user_data_64', 'exists_with_different_user_data'],
])

/** The status that our ledger answers where TigerBeetle gave this one. */
export const ourNameOf = (status: string): string => RENAMED.get(status) ?? status

const CURRENCIES = ['EUR', 'USD', 'CZK', 'GBP', 'CHF', 'SEK', 'PLN']

/** The runner gives each ledger number a currency, since the recorded histories know none. */
export const currencyOfLedger = (ledger: number): string | null =>
  ledger === 0 ? null : (CURRENCIES[(ledger - 1) % CURRENCIES.length] ?? null)

const ID_PREFIX = '00000000-0000-4000-8000-'
export const LARGEST_INT_ID = 2 ** 48 - 1

export const idOf = (value: number | 'max'): Id => {
  if (value === 'max') return MAX_ID
  return value === 0 ? ZERO_ID : (`${ID_PREFIX}${value.toString(16).padStart(12, '0')}` as Id)
}

/** The other way round, to name an id in a message as the file does. */
export const showVectorId = (id: Id): string => {
  if (id === MAX_ID) return 'max'
  if (id === ZERO_ID) return '0'
  return id.startsWith(ID_PREFIX) ? String(Number.parseInt(id.slice(ID_PREFIX.length), 16)) : id
}
