import { REFERENCE, type Schema } from '../contract/schema.ts'
import { contract } from '../contract/validate.ts'
import { type OurSchema, type Ours, resolved } from './ours.ts'

/** How far one parameter or field is supported: yes, refused, or partly with what is missing. */
export type Support = {
  readonly name: string
  readonly level: 'yes' | 'partly' | 'refused'
  /** What is missing, or what is special. */
  readonly how: readonly string[]
}

/** A parameter is refused by name; a field that we have no use for is null or left out. */
export type Direction = 'parameters' | 'fields'

/** The alternatives of a contract's schema that are objects with named fields. */
const shapesOf = (schema: Schema, seen: ReadonlySet<string> = new Set()): Schema[] => {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(REFERENCE.length)
    if (seen.has(name)) return []
    const definition = contract.definitions[name]
    // A resource inside of another one has a section of its own.
    if (definition === undefined || definition.properties?.['object'] !== undefined) return []
    return shapesOf(definition, new Set([...seen, name]))
  }
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => shapesOf(one, seen))
  if (schema.items !== undefined) return shapesOf(schema.items, seen)
  return schema.properties !== undefined && Object.keys(schema.properties).length > 0 ? [schema] : []
}

const ourAlternatives = (ours: Ours, schema: OurSchema): OurSchema[] => {
  const target = resolved(ours, schema)
  if (target.anyOf !== undefined) return target.anyOf.flatMap((one) => ourAlternatives(ours, one))
  if (target.items !== undefined) return ourAlternatives(ours, target.items)
  return [target]
}

const ourFields = (ours: Ours, schema: OurSchema): Readonly<Record<string, OurSchema>> =>
  Object.assign({}, ...ourAlternatives(ours, schema).map(({ properties = {} }) => properties))

/** The values that a choice takes; null where it takes any. */
const valuesOf = (schema: Schema): readonly string[] => {
  if (schema.enum !== undefined) return schema.enum
  if (schema.known !== undefined) return schema.known
  if (schema.items !== undefined) return valuesOf(schema.items)
  return (schema.anyOf ?? []).flatMap(valuesOf)
}

const ourValues = (ours: Ours, schema: OurSchema): ReadonlySet<unknown> | null => {
  const alternatives = ourAlternatives(ours, schema)
  if (alternatives.some((one) => one.type === 'string' && one.const === undefined && one.enum === undefined))
    return null
  return new Set(alternatives.flatMap((one) => (one.const === undefined ? (one.enum ?? []) : [one.const])))
}

const VALUES_SHOWN = 6

const refusedValues = (ours: Ours, theirs: Schema, mine: OurSchema): string[] => {
  const taken = ourValues(ours, mine)
  if (taken === null || taken.size === 0) return []
  const refused = valuesOf(theirs).filter((value) => value !== '' && !taken.has(value))
  if (refused.length === 0) return []
  const shown = refused.slice(0, VALUES_SHOWN).map((value) => `\`${value}\``)
  const more = refused.length > VALUES_SHOWN ? ` and ${refused.length - VALUES_SHOWN} more` : ''
  return [`not ${shown.join(', ')}${more}`]
}

const isAlwaysNull = (ours: Ours, schema: OurSchema): boolean =>
  ourAlternatives(ours, schema).every(({ type }) => type === 'null')

type Compared = { readonly level: Support['level']; readonly how: string[] }

const NAMES_SHOWN = 12

/** Where our schema says only that it is an object, it is shown as it is kept. */
const isOpaque = (ours: Ours, schema: OurSchema): boolean =>
  ourAlternatives(ours, schema).some(
    ({ type, properties = {}, additionalProperties }) =>
      type === 'object' && Object.keys(properties).length === 0 && additionalProperties !== false,
  )

/** What is missing among the fields of an object, by their names within it. */
const compareInside = (
  ours: Ours,
  theirs: readonly Schema[],
  mine: OurSchema,
  direction: Direction,
): string[] => {
  const fields = ourFields(ours, mine)
  const wanted = Object.assign({}, ...theirs.map(({ properties = {} }) => properties)) as Record<
    string,
    Schema
  >
  const refused: string[] = []
  const how: string[] = []
  for (const [name, schema] of Object.entries(wanted)) {
    const mineInside = fields[name]
    const inside = mineInside === undefined ? null : compareOne(ours, schema, mineInside, direction)
    if (inside === null || inside.level === 'refused') refused.push(name)
    else how.push(...inside.how.map((text) => `${name}: ${text}`))
  }
  if (refused.length === 0) return how
  const shown = refused.slice(0, NAMES_SHOWN).map((name) => `\`${name}\``)
  const more = refused.length > NAMES_SHOWN ? ` and ${refused.length - NAMES_SHOWN} more` : ''
  return [`without ${shown.join(', ')}${more}`, ...how]
}

const compareOne = (ours: Ours, theirs: Schema, mine: OurSchema, direction: Direction): Compared => {
  if (direction === 'fields' && isAlwaysNull(ours, mine)) return { level: 'partly', how: ['always null'] }
  const shapes = shapesOf(theirs)
  const how = [
    ...(shapes.length === 0 || isOpaque(ours, mine) ? [] : compareInside(ours, shapes, mine, direction)),
    // In an answer fewer values are no loss: the others do not come about.
    ...(direction === 'parameters' ? refusedValues(ours, theirs, mine) : []),
  ]
  return { level: how.length === 0 ? 'yes' : 'partly', how }
}

/** Each of Stripe's names on the first level, with what is missing below it. */
export const compare = (ours: Ours, theirs: Schema, mine: OurSchema, direction: Direction): Support[] => {
  const fields = ourFields(ours, mine)
  return Object.entries(theirs.properties ?? {}).map(([name, schema]) => {
    const inside = fields[name]
    if (inside === undefined) return { name, level: 'refused', how: [] }
    return { name, ...compareOne(ours, schema, inside, direction) }
  })
}
