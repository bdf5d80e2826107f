import { Type } from 'typebox'
import { defineRoute, type RequestContext, type Route, type WithHeaders } from '../http/index.ts'
import { type Json, sha256Hex } from '../kit/index.ts'
import { type Evaluation, evaluate, type Question } from './core/ask.ts'
import { type Rules, readUnit } from './core/compile.ts'
import { matchesTag, type OfrepProblem, readQuestion } from './core/ofrep.ts'
import type { ExposureMemory } from './memory.ts'

/*
 * The OpenFeature Remote Evaluation Protocol, as its description says: features for any of OpenFeature's SDKs.
 */

const metadataObject = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
  {
    description:
      'launch, stage, exposed, reason, exposure_bp, version, bucket: as POST /v1/exposure says them.',
  },
)

const successObject = Type.Object({
  key: Type.String(),
  value: Type.Optional(
    Type.Unknown({ description: 'Of the variant. Without it the default of the caller’s code holds.' }),
  ),
  variant: Type.String(),
  reason: Type.Enum(['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DISABLED'], {
    description:
      'SPLIT: by its bucket. TARGETING_MATCH: named or excluded. DISABLED: the launch is stopped. STATIC: everybody gets the same now, or it is not drawn for this one; metadata.reason says why.',
  }),
  metadata: metadataObject,
})

const failureObject = Type.Object({
  key: Type.Optional(Type.String()),
  errorCode: Type.Enum(['PARSE_ERROR', 'INVALID_CONTEXT', 'TARGETING_KEY_MISSING', 'FLAG_NOT_FOUND']),
  errorDetails: Type.String(),
})

const requestBody = Type.Object({
  context: Type.Object(
    {
      targetingKey: Type.String({ description: 'Whom the feature tells apart.' }),
      country: Type.Optional(Type.String({ description: 'For filters by country: two capitals.' })),
      currency: Type.Optional(Type.String({ description: 'For filters by currency: three letters.' })),
      amount: Type.Optional(Type.Integer({ description: 'For filters by amount, in minor units.' })),
    },
    { additionalProperties: true },
  ),
})

const EXAMPLE = { context: { targetingKey: 'user-123', country: 'NL' } }

const reply = (status: number, body: Json, code: string | null = null): WithHeaders => ({
  status,
  body: JSON.stringify(body),
  objectId: null,
  code,
  headers: [],
})

/** The code in the log is ours; what is sent is the protocol's. */
const refuse = (status: number, problem: OfrepProblem, key: string | null): WithHeaders =>
  reply(status, { ...(key === null ? {} : { key }), ...problem }, problem.errorCode.toLowerCase())

const NOT_FOUND = 404
const BAD_REQUEST = 400
const NOT_MODIFIED = 304

const isProblem = (read: Question | OfrepProblem): read is OfrepProblem => 'errorCode' in read

const evaluateIn = (rules: Rules, key: string, question: Question): Evaluation | null => {
  const one = rules.features.get(key)
  if (one === undefined) return null
  const unit = question.unit === null ? null : readUnit(one.control.unit, question.unit)
  return evaluate(one, { ...question, unit })
}

const textOf = ({ foreign }: RequestContext): string | null => foreign?.text ?? null

const evaluateRoute = (memory: ExposureMemory): Route =>
  defineRoute({
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags/:key',
    operation: 'evaluateFlag',
    summary: 'Evaluate a feature',
    description:
      'OFREP 0.3.0: the variant that this targetingKey gets of a launched feature, from memory and at most a second old. For OpenFeature’s SDKs, by an OFREP provider or the SDK’s own.',
    permission: 'exposure.read',
    idempotency: 'none',
    params: Type.Object({ key: Type.String() }),
    body: requestBody,
    foreign: { failure: failureObject },
    answer: successObject,
    errors: {},
    examples: { body: EXAMPLE },
    handle: async (context, { params: { key } }) => {
      const question = readQuestion(textOf(context))
      const isKeyMissing = isProblem(question) && question.errorCode === 'TARGETING_KEY_MISSING'
      if (isProblem(question) && !isKeyMissing) return refuse(BAD_REQUEST, question, key)
      const rules = await memory.rules(context.tenant)
      if (!rules.features.has(key)) {
        const errorDetails = 'No such feature is launched: it has not started, or has ended.'
        return refuse(NOT_FOUND, { errorCode: 'FLAG_NOT_FOUND', errorDetails }, key)
      }
      if (isProblem(question)) return refuse(BAD_REQUEST, question, key)
      const evaluation = evaluateIn(rules, key, question)
      return reply(200, evaluation as Json)
    },
  })

const bulkRoute = (memory: ExposureMemory): Route =>
  defineRoute({
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags',
    operation: 'evaluateFlagsBulk',
    summary: 'Evaluate all features',
    description:
      'OFREP 0.3.0: every launched feature for one context. The answer has an ETag: send it as If-None-Match, and an answer that has not changed is 304 and empty.',
    permission: 'exposure.read',
    idempotency: 'none',
    query: Type.Object({
      flagConfigEtag: Type.Optional(
        Type.String({ description: 'Of OFREP’s event streams. There are none, so it changes nothing.' }),
      ),
      flagConfigLastModified: Type.Optional(Type.String({ description: 'The same.' })),
    }),
    body: requestBody,
    foreign: { failure: failureObject },
    answer: Type.Object({
      flags: Type.Array(successObject),
      metadata: metadataObject,
    }),
    errors: {},
    examples: { body: EXAMPLE },
    handle: async (context) => {
      const question = readQuestion(textOf(context))
      if (isProblem(question)) return refuse(BAD_REQUEST, question, null)
      const rules = await memory.rules(context.tenant)
      const flags = [...rules.features.keys()].map((key) => evaluateIn(rules, key, question))
      const shown = reply(200, { flags, metadata: { version: rules.version } } as Json)
      const tag = `"${sha256Hex(shown.body)}"`
      const headers = ['etag', tag]
      if (matchesTag(context.foreign?.ifNoneMatch ?? null, tag))
        return { ...shown, status: NOT_MODIFIED, body: '', headers }
      return { ...shown, headers }
    },
  })

export const ofrepRoutes = (memory: ExposureMemory): Route[] => [evaluateRoute(memory), bulkRoute(memory)]
