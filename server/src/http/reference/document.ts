/** The parts of an OpenAPI 3.1 document that the page shows; the document is made by openapi.ts. */
export type SchemaNode = {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly SchemaNode[]
  readonly items?: SchemaNode
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly additionalProperties?: boolean | SchemaNode
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>
}

export type ParameterNode = {
  readonly $ref?: string
  readonly name?: string
  readonly in?: string
  readonly required?: boolean
  readonly description?: string
  readonly schema?: SchemaNode
}

type Content = Readonly<Record<string, { readonly schema?: SchemaNode; readonly example?: unknown }>>

export type OperationNode = {
  readonly operationId: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
  readonly 'x-permission'?: string
  readonly parameters?: readonly ParameterNode[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

export type DocumentNode = {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationNode>>>>
  readonly components: { readonly schemas: Readonly<Record<string, SchemaNode>> }
}

const REF = '#/components/schemas/'

/** A schema without its reference, and the name that it goes by. */
export const resolve = (
  document: DocumentNode,
  node: SchemaNode,
): { node: SchemaNode; title: string | null } => {
  if (node.$ref === undefined) return { node, title: null }
  const title = node.$ref.slice(REF.length)
  return { node: document.components.schemas[title] ?? {}, title }
}
