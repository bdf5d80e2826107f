import { type MoneyCurrency, moneyCurrency } from '../../kit/index.ts'
import { COUNTER_ACCOUNTS, NAME_CHARS, REFERENCE_CHARS } from '../limits.ts'
import { checkColumns } from './check-columns.ts'
import { checkMetadata, checkReferences, checkRules } from './check-rules.ts'
import { dateFormatProblem } from './dates.ts'
import { type Encoding, type OwnAccount, type Profile, type ProfileProblem, SIDES } from './profile.ts'
import { asObject, inside, type Keys, listAt, numberAt, oneOf, report, textAt } from './profile-keys.ts'

export type CheckedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly problems: readonly ProfileProblem[] }

const TOP = [
  'name',
  'description',
  'format',
  'columns',
  'directions',
  'order',
  'currency',
  'ledger',
  'accounts',
  'counter_accounts',
  'rules',
  'default_counter_account',
  'differences_account',
  'metadata',
]

const ENCODINGS: readonly Encoding[] = ['utf-8', 'latin1', 'windows-1250']
const ACCOUNT_FLAGS = ['debits_must_not_exceed_credits', 'credits_must_not_exceed_debits', 'history']

/** The largest code and ledger number: 16 and 32 bits, without a sign. */
const CODE_MAX = 65_535
const LEDGER_MAX = 4_294_967_295

const checkFormat = (
  top: Keys,
): Pick<Profile, 'encoding' | 'delimiter' | 'quote' | 'numbers' | 'dateFormat'> => {
  const keys = inside(top, 'format', [
    'encoding',
    'delimiter',
    'quote',
    'decimal_separator',
    'group_separator',
    'date_format',
  ])
  const delimiter = textAt(keys, 'delimiter', 'the character between fields', { fallback: ',' })
  const quote = textAt(keys, 'quote', 'the character around fields', { fallback: '"', empty: true })
  if (delimiter.length > 1 || /["\r\n]/.test(delimiter))
    report(keys, 'delimiter', 'must be one character, not a quote')
  if (quote.length > 1 || /[\r\n]/.test(quote)) report(keys, 'quote', 'must be one character, or "" for none')
  if (quote !== '' && quote === delimiter) report(keys, 'quote', 'must differ from format.delimiter')
  const decimalSeparator = oneOf(keys, 'decimal_separator', ['.', ','], '.')
  const groupSeparator = oneOf(keys, 'group_separator', ['', '.', ',', ' ', "'"], '')
  if (decimalSeparator === groupSeparator) {
    report(keys, 'group_separator', 'must differ from format.decimal_separator')
  }
  const dateFormat = textAt(keys, 'date_format', 'how dates are written, such as YYYY-MM-DD or DD.MM.YYYY')
  const problem = dateFormat === '' ? null : dateFormatProblem(dateFormat)
  if (problem !== null) {
    report(
      keys,
      'date_format',
      `cannot be read: ${problem}; write it like YYYY-MM-DD, YYMMDD, DD.MM.YYYY or MM/DD/YYYY`,
    )
  }
  const encoding = oneOf(keys, 'encoding', ENCODINGS, 'utf-8')
  return { encoding, delimiter, quote, numbers: { decimalSeparator, groupSeparator }, dateFormat }
}

const checkCurrency = (top: Keys): MoneyCurrency | null => {
  const code = textAt(top, 'currency', 'the ISO 4217 code of the amounts, such as CZK')
  const currency = moneyCurrency(code)
  if (!('reason' in currency)) return currency
  if (code !== '') report(top, 'currency', currency.reason)
  return null
}

const ownAccount = (keys: Keys): OwnAccount => ({
  reference: textAt(keys, 'reference', "the account's name in our ledger", { max: REFERENCE_CHARS }),
  code: numberAt(keys, 'code', "the account's code", CODE_MAX),
})

const checkAccounts = (top: Keys): Profile['accounts'] => {
  const keys = inside(top, 'accounts', ['code', 'normal_side', 'reference_prefix', 'flags'])
  const flags = listAt(keys, 'flags', 'account flags', ACCOUNT_FLAGS.length)
  const known = flags.filter((flag): flag is string => ACCOUNT_FLAGS.some((one) => one === flag))
  if (known.length !== flags.length) report(keys, 'flags', `may hold ${ACCOUNT_FLAGS.join(', ')}`)
  if (known.filter((flag) => flag !== 'history').length > 1) {
    report(keys, 'flags', 'may hold only one of the two limits, as they exclude each other')
  }
  return {
    code: numberAt(keys, 'code', "the code of the customers' accounts", CODE_MAX),
    normalSide: oneOf(keys, 'normal_side', SIDES, 'credit'),
    referencePrefix: textAt(keys, 'reference_prefix', 'a prefix', {
      fallback: '',
      empty: true,
      max: NAME_CHARS,
    }),
    flags: known,
  }
}

/** Checks a profile as it was read from JSON and says everything that is wrong with it at once. */
export const checkProfile = (value: unknown): CheckedProfile => {
  const problems: ProfileProblem[] = []
  const top = asObject(value, '', TOP, problems)
  const name = textAt(top, 'name', "the old system's name", { max: NAME_CHARS })
  const format = checkFormat(top)
  const columns = checkColumns(top)
  oneOf(top, 'order', ['posting'], 'posting')
  const currency = checkCurrency(top)
  const ledger = inside(top, 'ledger', ['number', 'name'])
  const counterAccounts = listAt(top, 'counter_accounts', 'accounts', COUNTER_ACCOUNTS).map((one, index) =>
    ownAccount(asObject(one, `counter_accounts[${index}]`, ['reference', 'code'], problems)),
  )
  if (counterAccounts.length === 0)
    report(top, 'counter_accounts', 'is missing; list at least one { reference, code }')
  const references = new Set(counterAccounts.map((account) => account.reference))
  const fallback = textAt(top, 'default_counter_account', 'the counter-account when no rule fits')
  if (fallback !== '' && !references.has(fallback)) {
    report(top, 'default_counter_account', `"${fallback}" is not among counter_accounts; add it there`)
  }
  const differencesAccount = ownAccount(inside(top, 'differences_account', ['reference', 'code']))
  checkReferences(top, counterAccounts, differencesAccount)
  const rest = {
    name,
    description: textAt(top, 'description', 'a sentence', { fallback: '', empty: true }),
    ...format,
    ledger: {
      number: numberAt(ledger, 'number', 'the number of the ledger', LEDGER_MAX),
      name: textAt(ledger, 'name', 'the name of the ledger', { max: REFERENCE_CHARS }),
    },
    accounts: checkAccounts(top),
    counterAccounts,
    rules: checkRules(top, references),
    defaultCounterAccount: fallback,
    differencesAccount,
    metadata: checkMetadata(top),
  }
  if (problems.length > 0 || currency === null || columns === null) return { ok: false, problems }
  return { ok: true, profile: { ...rest, columns, currency } }
}
