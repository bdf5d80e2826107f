import { withOwnFields } from '../contract/own-fields.ts'
import { REFERENCE, type Schema } from '../contract/schema.ts'
import { contract } from '../contract/validate.ts'
import { type OurSchema, type Ours, resolved } from './ours.ts'

/** What the schemas of our answers promise, held against what the contract requires: without asking a server. */

const definitionOf = (schema: Schema): Schema => {
  if (schema.$ref === undefined) return schema
  const name = schema.$ref.slice(REFERENCE.length)
  return withOwnFields(name, contract.definitions[name] ?? {})
}

const objectsOf = (schema: Schema): Schema[] => {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(objectsOf)
  const target = definitionOf(schema)
  if (target.note !== undefined || target.properties === undefined) return []
  return target.additionalProperties === undefined ? [target] : []
}

const oursOf = (ours: Ours, schema: OurSchema): OurSchema[] => {
  const target = resolved(ours, schema)
  if (target.anyOf !== undefined) return target.anyOf.flatMap((one) => oursOf(ours, one))
  return target.properties === undefined ? [] : [target]
}

const isSame = (theirs: Schema, mine: OurSchema): boolean => {
  const [wanted, has] = [theirs.properties?.['object']?.const, mine.properties?.['object']?.const]
  return wanted === has || wanted === undefined || has === undefined
}

const allowsNull = (schema: Schema): boolean =>
  schema.type === 'null' ||
  (schema.anyOf?.some(allowsNull) ?? false) ||
  Object.keys(schema).length === 0 ||
  (schema.$ref !== undefined && definitionOf(schema).type === 'null')

const maybeNull = (ours: Ours, schema: OurSchema): boolean => {
  const target = resolved(ours, schema)
  return target.type === 'null' || (target.anyOf?.some((one) => maybeNull(ours, one)) ?? false)
}

const DEPTH = 6

const NOT_PROMISED = 'is required there, and not promised here'

/** A publishable key is shown fewer fields of these, so none is promised to all; every answer to a secret key is checked as it comes. */
const FOR_CUSTOMERS: ReadonlySet<string> = new Set(['PaymentIntent', 'SetupIntent'])

const problemsOf = (ours: Ours, theirs: Schema, mine: OurSchema, where: string, depth = 0): string[] => {
  if (depth > DEPTH) return []
  const required = new Set(mine.required ?? [])
  const known = theirs.properties ?? {}
  return [
    ...(theirs.required ?? [])
      .filter((name) => !required.has(name))
      .map((name) => `${where}.${name} ${NOT_PROMISED}`),
    ...Object.entries(mine.properties ?? {}).flatMap(([name, schema]) => {
      const expected = known[name]
      const inside = `${where}.${name}`
      if (expected === undefined) return [`${inside} is no field of Stripe's`]
      const nullProblem =
        maybeNull(ours, schema) && !allowsNull(expected) ? [`${inside} may be null here, and not there`] : []
      const target = resolved(ours, schema)
      const pairs =
        target.items === undefined || expected.items === undefined
          ? ([expected, schema] as const)
          : ([expected.items, target.items] as const)
      const candidates = objectsOf(pairs[0])
      if (expected.expandable !== undefined || candidates.length === 0) return nullProblem
      return [
        ...nullProblem,
        ...oursOf(ours, pairs[1]).flatMap((one) => {
          const found = candidates.filter((candidate) => isSame(candidate, one))
          const all = found.map((candidate) => problemsOf(ours, candidate, one, inside, depth + 1))
          return all.reduce((best, next) => (next.length < best.length ? next : best), all[0] ?? [])
        }),
      ]
    }),
  ]
}

const isDeletion = (schema: Schema): boolean => schema.properties?.['deleted']?.const === true

/** The contract's definition of what calls itself so. */
const theirsOf = (mine: OurSchema): [string, Schema] | undefined => {
  const object = mine.properties?.['object']?.const
  const isDeleted = mine.properties?.['deleted'] !== undefined
  if (object === 'event') return ['EventBase', contract.definitions['EventBase'] ?? {}]
  const found = Object.entries(contract.definitions).find(
    ([name, schema]) =>
      !name.includes('.') &&
      schema.properties?.['object']?.const === object &&
      isDeletion(schema) === isDeleted,
  )
  return found === undefined ? undefined : [found[0], withOwnFields(...found)]
}

/** What the schemas of our answers do not promise though the contract requires it, and what they show beyond it. */
export const brokenPromises = (ours: Ours): string[] => {
  const problems = Object.entries(ours.components.schemas).flatMap(([, schema]) => {
    if (schema.properties?.['object']?.const === undefined) return []
    const theirs = theirsOf(schema)
    if (theirs === undefined) return []
    const problems = problemsOf(ours, theirs[1], schema, theirs[0])
    return FOR_CUSTOMERS.has(theirs[0])
      ? problems.filter((problem) => !problem.endsWith(NOT_PROMISED))
      : problems
  })
  return [...new Set(problems)]
}
