// Types of the declarations as schemas of the contract's dialect.

import type { Node } from 'oxc-parser'
import { childOf, childrenOf, type Declaration, flagOf, nameOf, resolve, wordOf } from './declarations.ts'
import { REFERENCE, type Schema } from './schema.ts'

const ELSEWHERE: Schema = { type: 'object', note: 'another resource, not described here' }
const ANY_STRING = 'OtherString'

/** Collects what is reached from the roots. Resources of other files are only named. */
export class Definitions {
  readonly #files: ReadonlySet<string>
  readonly #made = new Map<string, Schema>()
  readonly #origins = new Map<string, string>()

  constructor(files: readonly string[]) {
    this.#files = new Set(files)
  }

  all(): Readonly<Record<string, Schema>> {
    return Object.fromEntries([...this.#made].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Another name for a type is that type; an interface is described once and referred to. */
  describe(declaration: Declaration): Schema {
    return declaration.node.type === 'TSTypeAliasDeclaration'
      ? this.type(childOf(declaration.node, 'typeAnnotation'), declaration)
      : this.#reference(declaration)
  }

  #reference(declaration: Declaration): Schema {
    const { file } = declaration
    const isOurs = this.#files.has(file)
    // Issuing has a Dispute of its own.
    const name = isOurs ? declaration.name : [...folderOf(file), declaration.name].join('.')
    const origin = this.#origins.get(name)
    if (origin !== undefined && origin !== file) throw new Error(`${name} stands in ${origin} and in ${file}`)
    if (origin === undefined) {
      this.#origins.set(name, file)
      this.#made.set(name, isOurs ? this.#interface(declaration) : ELSEWHERE)
    }
    return { $ref: `${REFERENCE}${name}` }
  }

  #interface(declaration: Declaration): Schema {
    const { node } = declaration
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    let additionalProperties: Schema | undefined
    for (const heritage of childrenOf(node, 'extends')) {
      const parent = resolve(nameOf(childOf(heritage, 'expression')), declaration)
      if (parent === null) throw new Error(`${declaration.name} extends something unknown`)
      const inherited = this.#interface(parent)
      Object.assign(properties, inherited.properties)
      required.push(...(inherited.required ?? []))
    }
    for (const member of childrenOf(childOf(node, 'body'), 'body')) {
      const type = this.type(childOf(member, 'typeAnnotation', 'typeAnnotation'), declaration)
      if (member.type === 'TSIndexSignature') additionalProperties = type
      else {
        const key = childOf(member, 'key')
        const name = key.type === 'Identifier' ? key.name : wordOf(key, 'value')
        properties[name] = type
        if (!flagOf(member, 'optional')) required.push(name)
        else if (required.includes(name)) required.splice(required.indexOf(name), 1)
      }
    }
    return {
      type: 'object',
      properties,
      ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
      ...(additionalProperties === undefined ? {} : { additionalProperties }),
    }
  }

  type(node: Node, from: Declaration): Schema {
    switch (node.type) {
      case 'TSStringKeyword':
        return { type: 'string' }
      case 'TSNumberKeyword':
        return { type: 'number' }
      case 'TSBooleanKeyword':
        return { type: 'boolean' }
      case 'TSNullKeyword':
        return { type: 'null' }
      case 'TSVoidKeyword':
      case 'TSUnknownKeyword':
      case 'TSAnyKeyword':
        return {}
      case 'TSLiteralType':
        return literalSchema(node.literal)
      case 'TSUnionType':
        return this.#union(node, from)
      case 'TSTypeReference':
        return this.#referred(node, from)
      case 'TSTypeLiteral':
        return this.#literalObject(node, from)
      default:
        throw new Error(`${from.name} has a ${node.type}, which this reader does not know`)
    }
  }

  #literalObject(node: Node, from: Declaration): Schema {
    const [signature] = childrenOf(node, 'members')
    if (signature?.type !== 'TSIndexSignature') throw new Error(`${from.name} has an object without a name`)
    const values = this.type(childOf(signature, 'typeAnnotation', 'typeAnnotation'), from)
    return { type: 'object', properties: {}, additionalProperties: values }
  }

  #referred(node: Node, from: Declaration): Schema {
    const name = nameOf(childOf(node, 'typeName'))
    const parameters =
      'typeArguments' in node && node.typeArguments !== null
        ? childrenOf(childOf(node, 'typeArguments'), 'params').map((parameter) => this.type(parameter, from))
        : []
    const [first = {}] = parameters
    if (name === 'Array') return { type: 'array', items: first }
    if (name === 'ApiList') return { list: first }
    if (name === 'Emptyable') return flat([{ enum: [''] }, first, { type: 'null' }])
    // On the wire a decimal is a text.
    if (name === 'Decimal' || name === ANY_STRING) return { type: 'string' }
    const declaration = resolve(name, from)
    if (declaration === null) throw new Error(`${from.name} names ${name}, which is nowhere`)
    return this.describe(declaration)
  }

  #union(node: Node, from: Declaration): Schema {
    const parts = childrenOf(node, 'types')
    const isOpen = parts.some(
      (part) => part.type === 'TSTypeReference' && nameOf(childOf(part, 'typeName')) === ANY_STRING,
    )
    const schemas = parts.map((part) => this.type(part, from))
    const { texts, others } = split(schemas)
    const values: Schema[] =
      texts.length === 0 ? [] : isOpen ? [{ type: 'string', known: texts }] : [{ enum: texts }]
    const rest = isOpen ? others.filter((schema) => !isPlainText(schema)) : others
    return expandable(flat([...values, ...rest]), (name) => this.#isResource(name))
  }

  /** Resources are known by a field that says what they are; those of other files are not looked into. */
  #isResource(name: string): boolean {
    const schema = this.#made.get(name)
    if (schema === undefined) return !name.includes('.')
    return schema.note !== undefined || schema.properties?.['object']?.const !== undefined
  }
}

const literalSchema = (literal: Node): Schema => {
  if (literal.type !== 'Literal') throw new Error(`a literal is a ${literal.type}`)
  const { value } = literal
  if (typeof value !== 'string' && typeof value !== 'boolean' && typeof value !== 'number')
    throw new Error(`a literal is ${String(value)}`)
  return { const: value }
}

/** resources/Issuing/Disputes.d.ts is of Issuing. */
const folderOf = (file: string): string[] => file.split('/').slice(1, -1)

const isPlainText = (schema: Schema): boolean => schema.type === 'string' && Object.keys(schema).length === 1

const split = (schemas: readonly Schema[]) => ({
  texts: schemas.flatMap((schema) => (typeof schema.const === 'string' ? [schema.const] : [])),
  others: schemas.filter((schema) => typeof schema.const !== 'string'),
})

/** A choice within a choice is one choice; of one alternative it is none. */
const flat = (schemas: readonly Schema[]): Schema => {
  const alternatives = schemas.flatMap((schema) => schema.anyOf ?? [schema])
  const [only] = alternatives
  return alternatives.length === 1 && only !== undefined ? only : { anyOf: alternatives }
}

/** An id beside resources stands for one of them. */
const expandable = (schema: Schema, isResource: (name: string) => boolean): Schema => {
  const alternatives = schema.anyOf ?? []
  if (!alternatives.some(isPlainText)) return schema
  const named = alternatives.flatMap((one) =>
    one.$ref === undefined ? [] : [one.$ref.slice(REFERENCE.length)],
  )
  const objects = named.filter(isResource)
  if (objects.length === 0) return schema
  const rest = alternatives.filter(
    (one) => !isPlainText(one) && !objects.includes(one.$ref?.slice(REFERENCE.length) ?? ''),
  )
  return flat([{ type: 'string', expandable: objects }, ...rest])
}
