import { readBaseUrl } from './request.ts'

/*
 * A provider for OpenFeature's server SDK (https://openfeature.dev): features that are launched in Evenkeel, asked for over
 * OFREP. It remembers nothing, so a stop reaches whoever asks within a second. Its types are those of the interface
 * `Provider` of @openfeature/server-sdk, written down here so that the client keeps having no dependency.
 */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export type EvaluationContext = { readonly targetingKey?: string } & { readonly [key: string]: unknown }

/** What OpenFeature calls ResolutionDetails. */
export type Resolution<Value> = {
  readonly value: Value
  readonly variant?: string
  readonly reason?: string
  readonly flagMetadata?: Readonly<Record<string, string | number | boolean>>
}

const ERROR_CODES = [
  'FLAG_NOT_FOUND',
  'PARSE_ERROR',
  'TYPE_MISMATCH',
  'TARGETING_KEY_MISSING',
  'INVALID_CONTEXT',
  'GENERAL',
] as const
type ErrorCode = (typeof ERROR_CODES)[number] | 'PROVIDER_FATAL'

export type OpenFeatureOptions = {
  /** Such as http://127.0.0.1:8484. */
  readonly baseUrl: string
  /** A key with the permission exposure.read: a restricted one with nothing else will do. */
  readonly apiKey: string
  /** Then the caller's default value holds. */
  readonly timeoutMs?: number
  readonly fetch?: typeof globalThis.fetch
}

/** A caller waits for a feature with his own user waiting: better the default value than a late one. */
const TIMEOUT_DEFAULT_MS = 1_000
const FLAGS = '/ofrep/v1/evaluate/flags'
const OK = 200
const UNAUTHORISED: readonly number[] = [401, 403]

type Body = { readonly [field: string]: unknown }
type Answer = { readonly status: number; readonly body: Body }
type Ask = (path: string, context: EvaluationContext) => Promise<Answer>

const asBody = (value: unknown): Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : {}

/** OpenFeature's SDK catches it, tells the caller its code, and gives him his default value. */
const failure = (code: ErrorCode, message: string): Error => Object.assign(new Error(message), { code })

const asker = (options: OpenFeatureOptions): Ask => {
  const { apiKey, timeoutMs = TIMEOUT_DEFAULT_MS, fetch = globalThis.fetch } = options
  const baseUrl = readBaseUrl(options.baseUrl)
  return async (path, context) => {
    try {
      const answer = await fetch(`${baseUrl}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        // Whom nobody can tell apart is the control: the protocol wants a key in any case.
        body: JSON.stringify({ context: { ...context, targetingKey: context.targetingKey ?? '' } }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      return { status: answer.status, body: asBody(JSON.parse(await answer.text())) }
    } catch (error) {
      // With a code of its own: that of whatever failed below means something else to OpenFeature.
      throw failure('GENERAL', error instanceof Error ? error.message : String(error))
    }
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const refusal = ({ status, body }: Answer): Error => {
  const code = ERROR_CODES.find((each) => each === body['errorCode']) ?? 'GENERAL'
  const message = textOf(body['errorDetails']) ?? textOf(asBody(body['error'])['message'])
  return failure(code, message ?? `The server answered with status ${status}.`)
}

/** OFREP has no word for it: nothing was launched for this one, and the ordinary value holds. */
const reasonOf = (reason: unknown, metadata: Body): string =>
  reason === 'STATIC' && metadata['exposed'] === false ? 'DEFAULT' : (textOf(reason) ?? 'UNKNOWN')

const resolved = <Value>(
  fallback: Value,
  body: Body,
  isWanted: (value: unknown) => value is Value,
): Resolution<Value> => {
  const { value, variant } = body
  const metadata = asBody(body['metadata'])
  const details = {
    reason: reasonOf(body['reason'], metadata),
    flagMetadata: metadata as Readonly<Record<string, string | number | boolean>>,
    ...(typeof variant === 'string' ? { variant } : {}),
  }
  // Without a value the server leaves it to the caller's code.
  if (value === undefined) return { ...details, value: fallback }
  if (isWanted(value)) return { ...details, value }
  const found = Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value
  throw failure('TYPE_MISMATCH', `The feature is of another type: ${found}.`)
}

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
const isString = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'

/** Whether the server can be reached and takes the key; what it says of features is of no matter here. */
const tryOnce = async (ask: Ask): Promise<void> => {
  const answer = await ask(FLAGS, {})
  if (answer.status === OK) return
  const error = refusal(answer)
  // A key that is refused is refused the next time too: OpenFeature need not try again.
  throw UNAUTHORISED.includes(answer.status) ? failure('PROVIDER_FATAL', error.message) : error
}

/** Hand it to OpenFeature: `await OpenFeature.setProviderAndWait(createOpenFeatureProvider({ baseUrl, apiKey }))`. */
export const createOpenFeatureProvider = (options: OpenFeatureOptions) => {
  const ask = asker(options)
  const resolve = async <Value>(
    flag: string,
    fallback: Value,
    context: EvaluationContext,
    isWanted: (value: unknown) => value is Value,
  ): Promise<Resolution<Value>> => {
    const answer = await ask(`${FLAGS}/${encodeURIComponent(flag)}`, context)
    if (answer.status !== OK) throw refusal(answer)
    return resolved(fallback, answer.body, isWanted)
  }
  return {
    metadata: { name: 'Evenkeel' },
    runsOn: 'server' as const,
    initialize: (): Promise<void> => tryOnce(ask),
    resolveBooleanEvaluation: (flag: string, fallback: boolean, context: EvaluationContext) =>
      resolve(flag, fallback, context, isBoolean),
    resolveStringEvaluation: (flag: string, fallback: string, context: EvaluationContext) =>
      resolve(flag, fallback, context, isString),
    resolveNumberEvaluation: (flag: string, fallback: number, context: EvaluationContext) =>
      resolve(flag, fallback, context, isNumber),
    resolveObjectEvaluation: <Value extends Json>(
      flag: string,
      fallback: Value,
      context: EvaluationContext,
    ) =>
      resolve(
        flag,
        fallback,
        context,
        (value): value is Value => typeof value === 'object' && value !== null,
      ),
  }
}
