import type { Conditions, RoutingFacts, Rule } from './model.ts'

const has = (wanted: readonly string[], value: string | null): boolean =>
  wanted.length === 0 || (value !== null && wanted.includes(value))

export const matches = (rule: Conditions, facts: RoutingFacts): boolean =>
  has(rule.currencies, facts.currency) &&
  has(rule.countries, facts.country) &&
  has(rule.brands, facts.brand) &&
  has(rule.merchants, facts.merchant) &&
  (rule.amountFrom === null || facts.amount >= BigInt(rule.amountFrom)) &&
  (rule.amountTo === null || facts.amount <= BigInt(rule.amountTo))

/** Where the first rule stands that matches; null where none does. */
export const firstMatch = (rules: readonly Rule[], facts: RoutingFacts): number | null => {
  const at = rules.findIndex((rule) => matches(rule, facts))
  return at === -1 ? null : at
}

const includesAll = (wide: readonly string[], narrow: readonly string[]): boolean =>
  wide.length === 0 || (narrow.length > 0 && narrow.every((value) => wide.includes(value)))

const isFrom = (wide: number | null, narrow: number | null): boolean =>
  wide === null || (narrow !== null && narrow >= wide)
const isTo = (wide: number | null, narrow: number | null): boolean =>
  wide === null || (narrow !== null && narrow <= wide)

/** Whether every payment that the narrow rule is for is one of the wide rule's as well. */
export const covers = (wide: Conditions, narrow: Conditions): boolean =>
  includesAll(wide.currencies, narrow.currencies) &&
  includesAll(wide.countries, narrow.countries) &&
  includesAll(wide.brands, narrow.brands) &&
  includesAll(wide.merchants, narrow.merchants) &&
  isFrom(wide.amountFrom, narrow.amountFrom) &&
  isTo(wide.amountTo, narrow.amountTo)
