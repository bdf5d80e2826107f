import { type Check, Sheet } from '../../database/index.ts'

const PROVED = {
  files:
    'Every file has the length, the lines and the SHA-256 that the manifest says, and no other file stands beside them.',
  digest:
    'The digest of the export is made of its entries and its trial balance; where the period was closed, it is the digest of that closing.',
  entries:
    'Every transfer stands as two entries, a debit and a credit of one amount, between two accounts of its ledger and currency, in the order of its sequence, on a day of the period.',
  arithmetic:
    'Every entry’s balances follow from its amount, and no account’s posted balances ever fall from one of its entries to the next.',
  accounts:
    'Every account of an entry or a balance stands in the list of accounts, once, with its ledger and currency.',
  balances:
    'For each account, opening and movement are the closing, and the movement is the sum of its posted entries.',
  trial_balance:
    'The trial balance is the sum of the closings, for each code of each ledger, over as many accounts as it says.',
  debits_equal_credits:
    'In every ledger debits equal credits: in the openings, the movements and the closings.',
} as const

export type OfflineSheets = Readonly<Record<keyof typeof PROVED, Sheet>>

const NAMES = Object.keys(PROVED) as readonly (keyof typeof PROVED)[]

export const openOfflineSheets = (): OfflineSheets =>
  Object.fromEntries(NAMES.map((name) => [name, new Sheet(name, PROVED[name])])) as OfflineSheets

export const offlineChecks = (sheets: OfflineSheets): readonly Check[] =>
  NAMES.map((name) => sheets[name].result())
