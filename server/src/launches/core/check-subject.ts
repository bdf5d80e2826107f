import type { Json } from '../../kit/index.ts'
import { parseId } from '../../kit/index.ts'
import { type ContentProblem, problem } from './content-problem.ts'
import type { LaunchContent, LaunchSubject } from './model.ts'

/** The rails that payments can go by, and the one that they take where no rule says otherwise. */
export type KnownRails = { readonly names: readonly string[]; readonly ordinary: string | null }

type Route = Extract<LaunchSubject, { type: 'route' }>
type Feature = Extract<LaunchSubject, { type: 'feature' }>

const checkRoute = ({ rails }: Route, known: KnownRails): ContentProblem | null => {
  const param = 'subject[rails]'
  const names = known.names.join(', ')
  if (rails.length === 0) return problem(param, `A route is one or more rails, in order: ${names}.`)
  const unknown = rails.find((rail) => !known.names.includes(rail))
  if (unknown !== undefined) return problem(param, `There is no rail ${unknown}; there are ${names}.`)
  if (new Set(rails).size !== rails.length) return problem(param, 'A rail stands in a route once.')
  if (rails.length === 1 && rails[0] === known.ordinary)
    return problem(param, `${rails[0]} alone is how payments go anyway: name another rail.`)
  return null
}

const kindOf = (value: Json | undefined): string => (typeof value === 'object' ? 'object' : typeof value)

const checkFeature = ({ key, variants, on, off }: Feature): ContentProblem | null => {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/.test(key))
    return problem(
      'subject[key]',
      'subject[key] is the feature’s name: letters, digits, dots, dashes, underscores.',
    )
  if (!Object.hasOwn(variants, on))
    return problem('subject[on]', `subject[variants] must contain ${on}, what exposed callers get.`)
  if (!Object.hasOwn(variants, off))
    return problem('subject[off]', `subject[variants] must contain ${off}, what everybody else gets.`)
  if (on === off) return problem('subject[on]', 'subject[on] and subject[off] must be two variants.')
  const kinds = new Set(Object.values(variants).map(kindOf))
  if (kinds.size > 1)
    return problem('subject[variants]', 'All variants of a feature must be of one type: callers expect it.')
  return null
}

const UNITS = { route: ['customer', 'card'], feature: ['targeting_key'] } as const

const checkUnit = ({ unit, subject }: LaunchContent): ContentProblem | null => {
  if (unit === 'merchant')
    return problem('unit', 'unit cannot be merchant: there are none yet, so nobody would be exposed.')
  const allowed: readonly string[] = UNITS[subject.type]
  return allowed.includes(unit)
    ? null
    : problem('unit', `unit of a ${subject.type} must be ${allowed.join(' or ')}.`)
}

const isUnit = (unit: LaunchContent['unit'], text: string): boolean =>
  unit !== 'customer' || (text.startsWith('cus_') && parseId('cus', text) !== null)

/** Customers are named by their ids; a card by its fingerprint. */
const checkUnits = (content: LaunchContent): ContentProblem | null => {
  const { unit, stages, excluded_units: excluded } = content
  for (const [index, { named_units }] of stages.entries()) {
    const param = `stages[${index}][named_units]`
    const wrong = named_units.find((each) => !isUnit(unit, each))
    if (wrong !== undefined) return problem(param, `${wrong} is no customer: units are named as cus_….`)
    const both = named_units.find((each) => excluded.includes(each))
    if (both !== undefined) return problem(param, `${both} is among the excluded units: take it out of one.`)
  }
  const wrong = excluded.find((each) => !isUnit(unit, each))
  return wrong === undefined
    ? null
    : problem('excluded_units', `${wrong} is no customer: units are named as cus_….`)
}

export const checkSubject = (content: LaunchContent, rails: KnownRails): ContentProblem | null =>
  (content.subject.type === 'route' ? checkRoute(content.subject, rails) : checkFeature(content.subject)) ??
  checkUnit(content) ??
  checkUnits(content)
