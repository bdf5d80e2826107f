import { parseId, showId, type Uuid } from '../../kit/index.ts'
import { SCOPES_KEPT } from '../limits.ts'
import type { Control, Controls, FeatureSubject, UnitKind } from './model.ts'

const CUSTOMER_PREFIX = 'cus'

/** A customer's unit is its id as the API shows it, so that what is named by hand and what payments know are one text. */
export const unitOfCustomer = (id: Uuid): string => showId(CUSTOMER_PREFIX, id)

/** A unit as somebody wrote it, in the form that is hashed and compared. */
export const readUnit = (kind: UnitKind, text: string): string => {
  const id = kind === 'customer' ? parseId(CUSTOMER_PREFIX, text) : null
  return id === null ? text : unitOfCustomer(id)
}

/** A control with what deciding asks of it again and again. */
export type Compiled = {
  readonly control: Control
  readonly named: ReadonlySet<string>
  readonly excluded: ReadonlySet<string>
  readonly counter: string
}

/** A tenant's controls, ready to decide by. */
export type Rules = {
  readonly version: number
  /** Routes whose filters let this currency and country pass, in order of precedence. */
  readonly routesFor: (currency: string, country: string) => readonly Compiled[]
  readonly features: ReadonlyMap<string, Compiled & { readonly subject: FeatureSubject }>
  readonly launches: ReadonlyMap<Uuid, Compiled>
  /** Keys of the counters that an attempt may be reserved in. */
  readonly counters: readonly string[]
}

export const counterKey = (launch: Uuid, stage: number): string => `${launch}:${stage}`

const isAny = (list: readonly string[], value: string): boolean => list.length === 0 || list.includes(value)

export const isInScope = (
  { filters }: Control,
  facts: { readonly currency: string; readonly country: string },
): boolean => isAny(filters.currencies, facts.currency) && isAny(filters.countries, facts.country)

export const isAmountInScope = ({ filters: { amountFrom, amountTo } }: Control, amount: bigint): boolean =>
  (amountFrom === null || amount >= BigInt(amountFrom)) && (amountTo === null || amount <= BigInt(amountTo))

const compileOne = (control: Control): Compiled => ({
  control,
  named: new Set(control.named.map((unit) => readUnit(control.unit, unit))),
  excluded: new Set(control.excluded.map((unit) => readUnit(control.unit, unit))),
  counter: counterKey(control.launch, control.stage),
})

/** Who asks for a currency and country gets the few controls that look at it, without going through all of them. */
const routesByScope = (routes: readonly Compiled[]): Rules['routesFor'] => {
  const scopes = new Map<string, readonly Compiled[]>()
  return (currency, country) => {
    const scope = `${currency} ${country}`
    const known = scopes.get(scope)
    if (known !== undefined) return known
    if (scopes.size >= SCOPES_KEPT) scopes.clear()
    const found = routes.filter(({ control }) => isInScope(control, { currency, country }))
    scopes.set(scope, found)
    return found
  }
}

export const compile = ({ version, controls }: Controls): Rules => {
  const all = controls.map(compileOne)
  const features = new Map<string, Compiled & { readonly subject: FeatureSubject }>()
  for (const one of all) {
    const { subject } = one.control
    // The launch that started first has the feature; the launches' door lets no second one start.
    if (subject.kind === 'feature' && !features.has(subject.key))
      features.set(subject.key, { ...one, subject })
  }
  const routes = all.filter(({ control }) => control.subject.kind === 'route')
  return {
    version,
    routesFor: routesByScope(routes),
    features,
    launches: new Map(all.map((one) => [one.control.launch, one])),
    counters: routes
      .filter(({ control }) => control.caps !== null && !control.isStopped)
      .map(({ counter }) => counter),
  }
}
