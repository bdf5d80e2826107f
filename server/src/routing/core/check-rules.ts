import { covers } from './match.ts'
import type { Rule } from './model.ts'
import type { RoutingReason } from './reasons.ts'

export type RuleProblem = {
  readonly code: RoutingReason
  /** rules[2][rails][0] */
  readonly param: string
  readonly message: string
}

const named = (rule: Rule, at: number): string =>
  rule.name === null ? `rules[${at}]` : `rules[${at}] (${rule.name})`

const checkRails = (rule: Rule, at: number, rails: readonly string[]): RuleProblem | null => {
  for (const [place, rail] of rule.rails.entries()) {
    const param = `rules[${at}][rails][${place}]`
    if (!rails.includes(rail)) {
      const there = rails.length === 0 ? 'these books have no rail' : `there are: ${rails.join(', ')}`
      return { code: 'routing_rail_unknown', param, message: `There is no rail '${rail}'; ${there}.` }
    }
    if (rule.rails.indexOf(rail) !== place) {
      const message = `${named(rule, at)} names the rail ${rail} twice: what a rail refused once it is not asked again.`
      return { code: 'routing_rail_repeated', param, message }
    }
  }
  return null
}

const checkAmounts = (rule: Rule, at: number): RuleProblem | null => {
  const { amountFrom, amountTo, currencies } = rule
  if (amountFrom === null && amountTo === null) return null
  if (currencies.length !== 1)
    return {
      code: 'routing_amount_needs_currency',
      param: `rules[${at}][currencies]`,
      message: `${named(rule, at)} has amounts, so it must name the one currency that they are in: 1000 is ten euros, and a thousand yen.`,
    }
  if (amountFrom !== null && amountTo !== null && amountFrom > amountTo)
    return {
      code: 'routing_amounts_reversed',
      param: `rules[${at}][amount_to]`,
      message: `${named(rule, at)} takes nothing: amount_from is ${amountFrom}, and amount_to only ${amountTo}.`,
    }
  return null
}

const checkReach = (rules: readonly Rule[], rule: Rule, at: number): RuleProblem | null => {
  const before = rules.findIndex((other, index) => index < at && covers(other, rule))
  const other = rules[before]
  if (other === undefined) return null
  return {
    code: 'routing_rule_unreachable',
    param: `rules[${at}]`,
    message: `${named(rule, at)} is never reached: ${named(other, before)} takes all that it is for. Put it before that one, or leave it out.`,
  }
}

/** The first thing that is wrong with a table, rule by rule; null where it can be taken. */
export const checkRules = (rules: readonly Rule[], rails: readonly string[]): RuleProblem | null => {
  for (const [at, rule] of rules.entries()) {
    const problem = checkRails(rule, at, rails) ?? checkAmounts(rule, at) ?? checkReach(rules, rule, at)
    if (problem !== null) return problem
  }
  return null
}
