import { generated } from '../../../src/main/openapi.generate.ts'

/** A schema of our own OpenAPI document. */
export type OurSchema = {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly OurSchema[]
  readonly items?: OurSchema
  readonly properties?: Readonly<Record<string, OurSchema>>
  readonly additionalProperties?: OurSchema | boolean
  readonly required?: readonly string[]
  readonly minLength?: number
}

type Parameter = { readonly name?: string; readonly in?: string; readonly schema?: OurSchema }
type Content = { readonly content: { readonly 'application/json': { readonly schema: OurSchema } } }
type OurOperation = {
  readonly parameters: readonly Parameter[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}

export type Ours = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OurOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, OurSchema>> }
}

/** The document as the server shows it, from the routes of this very tree. */
export const loadOurs = async (): Promise<Ours> => {
  const [document] = generated
  if (document === undefined) throw new Error('there is no OpenAPI document')
  return JSON.parse(document.content())
}

/** What a reference stands for, and a choice of one with null as that one. */
export const resolved = (ours: Ours, schema: OurSchema): OurSchema => {
  if (schema.$ref !== undefined) {
    const target = ours.components.schemas[schema.$ref.replace('#/components/schemas/', '')]
    if (target === undefined) throw new Error(`the document has no ${schema.$ref}`)
    return resolved(ours, target)
  }
  return schema
}

const withoutNames = (path: string): string => path.replaceAll(/\{\w+\}/g, '{}')

/** Stripe's operation among our routes; parameters of a path may be called differently. */
export const operationOf = (ours: Ours, route: string): OurOperation | null => {
  const [method = '', path = ''] = route.split(' ')
  const found = Object.entries(ours.paths).find(([ourPath]) => withoutNames(ourPath) === withoutNames(path))
  return found?.[1][method.toLowerCase()] ?? null
}

/** All parameters but those of the path, as one object. */
export const parametersOf = (ours: Ours, operation: OurOperation): OurSchema => {
  const query = operation.parameters.flatMap(({ name, in: place, schema }): [string, OurSchema][] =>
    place === 'query' && name !== undefined && schema !== undefined
      ? [[name.replace(/\[\]$/, ''), schema]]
      : [],
  )
  const body = operation.requestBody?.content['application/json'].schema
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(query),
      ...(body === undefined ? {} : resolved(ours, body).properties),
    },
  }
}

/** The object that an operation answers with. */
export const answerOf = (ours: Ours, operation: OurOperation): OurSchema | null => {
  const schema = operation.responses['200']?.content['application/json'].schema
  return schema === undefined ? null : resolved(ours, schema)
}
