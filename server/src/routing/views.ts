import { Type } from 'typebox'
import { secondsOf } from '../kit/index.ts'
import { BRANDS, type RoutingTable, type Rule } from './core/model.ts'

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

const texts = (description: string) => Type.Array(Type.String(), { description })

const ruleObject = Type.Object({
  name: nullable(Type.String(), 'By which people know the rule.'),
  currencies: texts('Currencies of payments that it is for; empty for all.'),
  countries: texts('Countries of cards; empty for all.'),
  brands: Type.Array(Type.Enum([...BRANDS]), { description: 'Brands of cards; empty for all.' }),
  merchants: texts('Merchants; empty for all.'),
  amount_from: nullable(Type.Integer(), 'The least amount, in minor units of its currency.'),
  amount_to: nullable(Type.Integer(), 'The largest amount.'),
  rails: texts('The rails that such a payment takes, in the order in which they are tried.'),
})

export const routingObject = Type.Object({
  object: Type.Literal('routing'),
  version: Type.Integer({ description: 'Rises by one with each change; 0 before the first.' }),
  updated: nullable(Type.Integer(), 'When the rules were changed last.'),
  rules: Type.Array(ruleObject, {
    description: 'In order: the first that matches says where a payment goes.',
  }),
  default_rail: nullable(
    Type.String(),
    'Where a payment goes that no rule matches; null where these books have no rail.',
  ),
  rails: texts('The rails that rules can name.'),
  livemode: Type.Boolean(),
})

const receiptObject = Type.Object(
  {
    position: Type.Integer({ description: 'Of the entry in the audit log.' }),
    hash: Type.String({ description: 'Of the entry, in hexadecimal.' }),
  },
  { description: 'Keep it: it proves later that the entry stands as it stood.' },
)

/** A repeat of a request from long ago shows the rules as they are now, without it. */
export const changedObject = Type.Object({
  ...routingObject.properties,
  receipt: Type.Optional(receiptObject),
})

const matchedRule = Type.Object({
  position: Type.Integer({ description: 'Of the rule in the table, from 0.' }),
  name: nullable(Type.String(), 'Of the rule.'),
})

export const previewObject = Type.Object({
  object: Type.Literal('routing.preview'),
  rails: texts(
    'What the payment would take, in the order in which they are tried; empty where there is no rail.',
  ),
  rule: nullable(
    matchedRule,
    'The rule that says so; null where none matches and the default rail is taken.',
  ),
  version: nullable(
    Type.Integer(),
    'Of the rules that were asked; null for rules that came with the request.',
  ),
  livemode: Type.Boolean(),
})

const showRule = (rule: Rule) => ({
  name: rule.name,
  currencies: rule.currencies.map((currency) => currency.toLowerCase()),
  countries: [...rule.countries],
  brands: [...rule.brands],
  merchants: [...rule.merchants],
  amount_from: rule.amountFrom,
  amount_to: rule.amountTo,
  rails: [...rule.rails],
})

/** What the audit log keeps of a table: which rails there are is no part of it. */
export const contentOf = (table: RoutingTable | null) => ({
  version: table?.version ?? 0,
  rules: (table?.rules ?? []).map(showRule),
})

export type Around = { readonly rails: readonly string[]; readonly livemode: boolean }

/** Before the first change a tenant has no rules, which is the table of version 0. */
export const showRouting = (table: RoutingTable | null, { rails, livemode }: Around) => ({
  object: 'routing' as const,
  version: table?.version ?? 0,
  updated: table === null ? null : secondsOf(table.updatedMicros),
  rules: (table?.rules ?? []).map(showRule),
  default_rail: rails[0] ?? null,
  rails: [...rails],
  livemode,
})
