import { Type } from 'typebox'
import { metadataParameter } from '../../http/index.ts'
import { ACCOUNT_FLAG_NAMES, TRANSFER_FLAG_NAMES } from '../core/index.ts'
import { BATCH_ITEMS_MOST, NAME_LENGTH_MOST, REFERENCE_LENGTH_MOST } from '../limits.ts'

const INTEGER_32_MOST = 2_147_483_647
const CODE_MOST = 65_535

const optional = Type.Optional
const nullable = <
  T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer> | ReturnType<typeof Type.Any>,
>(
  schema: T,
) => Type.Union([schema, Type.Null()])

/** Ids are checked by the handler, which knows their prefixes. */
const id = (what: string) => Type.String({ maxLength: 64, description: what })
const flagsOf = (names: readonly string[]) =>
  Type.Array(Type.Unsafe<string>({ type: 'string', enum: names }), {
    maxItems: 32,
    description: 'A set of flags.',
  })
const amount = (what: string) =>
  Type.Integer({ minimum: 0, description: `${what}, in minor units of the ledger's currency.` })
const date = (what: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: `${what}, as YYYY-MM-DD.` })
const currency = () => Type.String({ minLength: 3, maxLength: 3, description: 'ISO 4217, three letters.' })
const userData = () =>
  Type.Integer({ minimum: 0, description: 'A number of your own, such as the key of a row in your system.' })
const timestamp = () =>
  Type.Integer({
    minimum: 0,
    description: 'Only with the flag imported: when it happened, in microseconds since 1970.',
  })

export const ledgerParameters = Type.Object({
  number: Type.Integer({
    minimum: 1,
    maximum: INTEGER_32_MOST,
    description: 'The number of the ledger, chosen by you.',
  }),
  name: Type.String({ maxLength: NAME_LENGTH_MOST, description: 'What people call it.' }),
  currency: currency(),
})

const accountProperties = {
  id: optional(
    id('A UUID of your own choice, which makes retries safe; one is made where you leave it out.'),
  ),
  ledger: Type.Integer({
    minimum: 0,
    maximum: INTEGER_32_MOST,
    description: 'The number of the ledger. Its first account makes it.',
  }),
  code: Type.Integer({
    minimum: 0,
    maximum: CODE_MOST,
    description: 'The kind of account, by a number of yours: 1 to 65535.',
  }),
  flags: optional(flagsOf(ACCOUNT_FLAG_NAMES)),
  currency: optional(currency()),
  reference: optional(
    Type.String({
      maxLength: REFERENCE_LENGTH_MOST,
      description: 'A name for people, unique among the accounts.',
    }),
  ),
  user_data: optional(userData()),
  timestamp_us: optional(timestamp()),
  metadata: optional(metadataParameter()),
}

export const accountParameters = Type.Object(accountProperties)

const transferDetails = {
  id: optional(
    id('A UUID of your own choice, which makes retries safe; one is made where you leave it out.'),
  ),
  user_data: optional(userData()),
  external_reference: optional(
    Type.String({
      maxLength: REFERENCE_LENGTH_MOST,
      description: 'The id that another system has for it. Need not be unique.',
    }),
  ),
  book_date: optional(
    date('The day that it counts for in the books; the day it is recorded where you leave it out'),
  ),
  value_date: optional(date('The day from which it bears interest; the book date where you leave it out')),
  metadata: optional(metadataParameter()),
}

const transferProperties = {
  ...transferDetails,
  debit_account: optional(id('The account whose debits rise.')),
  credit_account: optional(id('The account whose credits rise.')),
  amount: optional(
    amount(
      'All of it where left out in a post or void, and as much as possible with balancing; otherwise required',
    ),
  ),
  pending_id: optional(id('Only in a post or void: the pending transfer.')),
  ledger: optional(
    Type.Integer({ minimum: 0, maximum: INTEGER_32_MOST, description: "The accounts' ledger." }),
  ),
  code: optional(
    Type.Integer({
      minimum: 0,
      maximum: CODE_MOST,
      description: 'The kind of transfer, by a number of yours: 1 to 65535.',
    }),
  ),
  flags: optional(flagsOf(TRANSFER_FLAG_NAMES)),
  timeout: optional(
    Type.Integer({
      minimum: 0,
      maximum: INTEGER_32_MOST,
      description: 'Seconds after which a pending transfer expires; 0 for never.',
    }),
  ),
  currency: optional(currency()),
  timestamp_us: optional(timestamp()),
}

export const transferParameters = Type.Object(transferProperties)

export const postParameters = Type.Object({
  ...transferDetails,
  amount: optional(
    amount('How much of the hold is posted; all of it where left out. What is not posted is released'),
  ),
})

export const voidParameters = Type.Object(transferDetails)

export const batchParameters = Type.Object(
  {
    accounts: optional(Type.Array(accountParameters, { minItems: 1, maxItems: BATCH_ITEMS_MOST })),
    transfers: optional(Type.Array(transferParameters, { minItems: 1, maxItems: BATCH_ITEMS_MOST })),
  },
  { 'x-exclusive': [['accounts', 'transfers']] },
)

const seen = (what: string) => nullable(Type.Integer({ description: `${what}; null beyond 2^53 − 1.` }))
const exact = (what: string) => Type.String({ description: `${what}, exactly.` })

export const balancesObject = Type.Object({
  credits_pending: seen('Credits held'),
  credits_pending_exact: exact('Credits held'),
  credits_posted: seen('Credits posted'),
  credits_posted_exact: exact('Credits posted'),
  debits_pending: seen('Debits held'),
  debits_pending_exact: exact('Debits held'),
  debits_posted: seen('Debits posted'),
  debits_posted_exact: exact('Debits posted'),
})

const metadataObject = Type.Record(Type.String(), Type.String())

export const ledgerObject = Type.Object({
  number: Type.Integer(),
  object: Type.Literal('ledger.ledger'),
  created: Type.Integer(),
  currency: Type.String(),
  livemode: Type.Boolean(),
  name: Type.String(),
})

export const accountObject = Type.Object({
  id: Type.String({ description: 'la_ and 32 hexadecimal digits: the UUID.' }),
  object: Type.Literal('ledger.account'),
  as_of_us: optional(
    Type.Integer({
      description: 'The recorded moment whose balances these are, in microseconds since 1970.',
    }),
  ),
  as_of_book_date: optional(Type.String({ description: 'The book date whose balances these are.' })),
  balances: balancesObject,
  closed: Type.Boolean(),
  code: Type.Integer(),
  created: Type.Integer(),
  created_us: seen('When it was opened, in microseconds since 1970'),
  currency: Type.String(),
  flags: Type.Array(Type.String()),
  ledger: Type.Integer(),
  livemode: Type.Boolean(),
  metadata: metadataObject,
  reference: nullable(Type.String()),
  user_data: seen('Your own number'),
})

export const transferObject = Type.Object({
  id: Type.String({ description: 'lt_ and 32 hexadecimal digits: the UUID.' }),
  object: Type.Literal('ledger.transfer'),
  amount: seen('What was really moved or held'),
  amount_exact: exact('What was really moved or held'),
  book_date: Type.String(),
  code: Type.Integer(),
  created: Type.Integer(),
  created_us: seen('When it was recorded, in microseconds since 1970'),
  credit_account: Type.String(),
  credit_balances: balancesObject,
  currency: Type.String(),
  debit_account: Type.String(),
  debit_balances: balancesObject,
  external_reference: nullable(Type.String()),
  flags: Type.Array(Type.String()),
  hold: Type.Union([
    Type.Object({
      expires_at: nullable(Type.Integer()),
      resolved_by_sequence: seen('The sequence of what posted, voided or expired it'),
      state: Type.Unsafe<string>({ type: 'string', enum: ['pending', 'posted', 'voided', 'expired'] }),
    }),
    Type.Null(),
  ]),
  ledger: Type.Integer(),
  livemode: Type.Boolean(),
  metadata: metadataObject,
  pending_id: nullable(Type.String()),
  sequence: seen("The tenant's own count of transfers and expiries, without a gap"),
  timeout: Type.Integer(),
  user_data: seen('Your own number'),
  value_date: Type.String(),
})

export const entryObject = Type.Object({
  id: Type.String(),
  object: Type.Literal('ledger.entry'),
  account: Type.String(),
  amount: seen('What the transfer moved, held or released'),
  amount_exact: exact('What the transfer moved, held or released'),
  balances_after: balancesObject,
  balances_before: balancesObject,
  book_date: Type.String(),
  counterpart: Type.String({ description: 'The account on the other side.' }),
  created: Type.Integer(),
  created_us: seen('When it was recorded, in microseconds since 1970'),
  currency: Type.String(),
  external_reference: nullable(Type.String()),
  livemode: Type.Boolean(),
  metadata: metadataObject,
  sequence: seen("The transfer's sequence"),
  side: Type.Unsafe<string>({ type: 'string', enum: ['debit', 'credit'] }),
  transfer: Type.String({ description: 'The transfer; of an expiry, the pending transfer that expired.' }),
  type: Type.Unsafe<string>({ type: 'string', enum: ['transfer', 'pending', 'post', 'void', 'expiry'] }),
  value_date: Type.String(),
})

export const batchObject = Type.Object({
  object: Type.Literal('ledger.batch'),
  created: Type.Integer({ description: 'How many were created.' }),
  existing: Type.Integer({ description: 'How many existed with the same content.' }),
  livemode: Type.Boolean(),
  refused: Type.Integer({ description: 'How many were refused.' }),
  results: Type.Array(
    Type.Object({
      id: Type.String(),
      status: Type.String({ description: 'created, exists, or the reason of the refusal.' }),
    }),
    { description: 'One for each item, in their order.' },
  ),
})

export const trialBalanceObject = Type.Object({
  object: Type.Literal('ledger.trial_balance'),
  as_of_us: optional(Type.Integer()),
  as_of_book_date: optional(Type.String()),
  balanced: Type.Boolean({ description: 'Whether debits equal credits in every ledger.' }),
  ledgers: Type.Array(
    Type.Object({
      accounts: Type.Integer(),
      balanced: Type.Boolean(),
      balances: balancesObject,
      codes: Type.Array(
        Type.Object({ accounts: Type.Integer(), balances: balancesObject, code: Type.Integer() }),
      ),
      currency: Type.String(),
      ledger: Type.Integer(),
      name: Type.String(),
    }),
  ),
  livemode: Type.Boolean(),
})
