import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { assert } from '../kit/index.ts'
import { compileExpand, type ExpandCheck } from './expand.ts'
import { EXPAND_LIMIT } from './limits.ts'
import { compileReader } from './reader.ts'
import type { Reader } from './reader-values.ts'
import type { Route } from './route.ts'
import { closeInput, closeOutput, type Schema, schemaOf } from './schema.ts'

/** A route with its readers compiled: made once, when the server is built. */
export type PreparedRoute = {
  readonly route: Route
  readonly readParams: Reader
  readonly readQuery: Reader
  readonly readBody: Reader
  readonly checkExpand: ExpandCheck
  /** Says what is wrong with an object that is about to be shown; null when answers are not checked. */
  readonly faultOfAnswer: ((value: unknown) => string | null) | null
}

const NO_FIELDS: Schema = { type: 'object', properties: {} }

/** Every route takes expand[]; what it may name is the route's. */
const EXPAND = schemaOf(Type.Array(Type.String({ maxLength: 200 }), { maxItems: EXPAND_LIMIT }))

const withExpand = (schema: Schema): Schema => ({
  ...schema,
  properties: { ...schema.properties, expand: EXPAND },
})

const input = (made: TSchema | null): Schema => (made === null ? NO_FIELDS : schemaOf(made))

export const isListRoute = (route: Route): boolean =>
  schemaOf(route.answer).properties?.['object']?.const === 'list'

/** :id of /v1/things/:id */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')

const answerCheck = (route: Route): ((value: unknown) => string | null) => {
  const validator = Compile(closeOutput(schemaOf(route.answer)) as TSchema)
  return (value) => {
    if (validator.Check(value)) return null
    return validator
      .Errors(value)
      .map((error) => `${error.instancePath || '/'} ${error.message}`)
      .join('; ')
  }
}

export const prepareRoute = (route: Route, checkAnswers: boolean): PreparedRoute => {
  const params = input(route.params)
  const named = pathParameters(route.path).sort()
  assert(
    named.join() ===
      Object.keys(params.properties ?? {})
        .sort()
        .join(),
    `the path ${route.path} and its params schema name the same parameters`,
  )
  const isPost = route.method === 'POST'
  const readsBody = isPost && route.foreign === null
  return {
    route,
    readParams: compileReader(closeInput(params)),
    readQuery: compileReader(closeInput(isPost ? input(route.query) : withExpand(input(route.query)))),
    readBody: compileReader(closeInput(readsBody ? withExpand(input(route.body)) : NO_FIELDS)),
    checkExpand: compileExpand(route.expandable, isListRoute(route)),
    faultOfAnswer: checkAnswers ? answerCheck(route) : null,
  }
}
