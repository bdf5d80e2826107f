import { assert } from '../kit/index.ts'
import type { Schema } from './schema.ts'

/** A JSON schema on its way into the document: as data, with references. */
export type SchemaText = { readonly [key: string]: unknown }

/** ledger.account → LedgerAccount: an object that says what it is needs no other title. Lists are of many kinds. */
const titleOfObject = (schema: Schema): string | null => {
  const name = schema.properties?.['object']?.const
  if (typeof name !== 'string' || name === 'list') return null
  return name
    .split(/[._]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
}

/** Collects the schemas that have a title, which become components, each once. */
export class Components {
  readonly #schemas = new Map<string, SchemaText>()

  /** The schema as it stands in the document: titled ones by reference. */
  place(schema: Schema): SchemaText {
    const text = this.#children(schema)
    const title = schema.title ?? titleOfObject(schema)
    if (title === null) return text
    const known = this.#schemas.get(title)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(text)) {
      assert(schema.title === undefined, `two different schemas have the title ${title}`)
      return text
    }
    this.#schemas.set(title, text)
    return { $ref: `#/components/schemas/${title}` }
  }

  schemas(): Readonly<Record<string, SchemaText>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #each(schemas: Readonly<Record<string, Schema>>): Readonly<Record<string, SchemaText>> {
    return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, this.place(schema)]))
  }

  #children(schema: Schema): SchemaText {
    const { title: _title, ...rest } = schema
    const text: Record<string, unknown> = { ...rest }
    if (schema.anyOf !== undefined) Object.assign(text, this.#alternatives(schema.anyOf))
    if (schema.items !== undefined) text['items'] = this.place(schema.items)
    if (schema.properties !== undefined) text['properties'] = this.#each(schema.properties)
    if (schema.patternProperties !== undefined) {
      // TypeBox writes a record by a pattern that every key fits; readers of documents know it by this keyword.
      delete text['patternProperties']
      const [values] = Object.values(schema.patternProperties)
      if (values !== undefined) text['additionalProperties'] = this.place(values)
    }
    return text
  }

  /** A choice of constants reads better as an enum. */
  #alternatives(alternatives: readonly Schema[]): SchemaText {
    const constants = alternatives.map((one) => one.const)
    if (!constants.every((constant) => typeof constant === 'string'))
      return { anyOf: alternatives.map((one) => this.place(one)) }
    return { anyOf: undefined, type: 'string', enum: constants }
  }
}
