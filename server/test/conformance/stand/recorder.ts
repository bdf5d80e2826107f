import { validate, validateShown } from '../contract/validate.ts'
import type { Tally } from './check.ts'

/** Every answer that goes by is held against the contract. */

const ERROR_TYPES = new Set(['api_error', 'card_error', 'idempotency_error', 'invalid_request_error'])

const TEXTS = [
  'advice_code',
  'charge',
  'code',
  'decline_code',
  'doc_url',
  'message',
  'network_advice_code',
  'network_decline_code',
  'param',
  'payment_method_type',
  'request_log_url',
] as const

const OBJECTS: Readonly<Record<string, string>> = {
  payment_intent: 'PaymentIntent',
  payment_method: 'PaymentMethod',
  setup_intent: 'SetupIntent',
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const errorProblems = (body: unknown): string[] => {
  const error = isFields(body) ? body['error'] : undefined
  if (!isFields(error)) return ['an error without its envelope']
  const known = new Set<string>([...TEXTS, ...Object.keys(OBJECTS), 'type', 'source'])
  return [
    ...(ERROR_TYPES.has(String(error['type'])) ? [] : [`error.type is ${String(error['type'])}`]),
    ...(typeof error['message'] === 'string' && error['message'] !== '' ? [] : ['error.message is missing']),
    ...TEXTS.filter((name) => error[name] !== undefined && typeof error[name] !== 'string').map(
      (name) => `error.${name} is no text`,
    ),
    ...Object.keys(error)
      .filter((name) => !known.has(name))
      .map((name) => `error.${name} is no field of Stripe's`),
    ...Object.entries(OBJECTS).flatMap(([name, definition]) =>
      error[name] === undefined ? [] : validate(definition, error[name]).map((problem) => `error.${problem}`),
    ),
  ]
}

/** Ids and numbers differ from one answer to the next, and the same fault shall be told once. */
const withoutIds = (path: string): string => path.replaceAll(/\/[a-z]+_[0-9A-Za-z_]{8,}/g, '/{id}')

/** Resources of our own beside Stripe's are no matter of the contract. */
const OWN_PATHS =
  /^\/v1\/(?:ledger|idempotency_keys|webhook_deliveries|test_helpers\/(?:rails|authentications|settlements|clock\b|test_clocks\/[^/]+\/report))/

/** Whoever may only see what a customer sees is shown fewer fields, by Stripe as well. */
const isPublishable = (init: RequestInit | undefined): boolean =>
  /^Bearer pk_/.test(new Headers(init?.headers).get('authorization') ?? '')

export const answerProblems = (path: string, status: number, body: unknown): string[] => {
  if (OWN_PATHS.test(path) && status < 400) return []
  return status >= 400 ? errorProblems(body) : validateShown(body)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const recordingFetch =
  (tally: Tally): typeof globalThis.fetch =>
  async (input, init) => {
    const response = await fetch(input, init)
    const text = await response.clone().text()
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const where = `${init?.method ?? 'GET'} ${withoutIds(pathname)} ${response.status}`
    tally.assertions += 2
    if (response.headers.get('request-id') === null) tally.problems.push(`${where}: no Request-Id`)
    const body = parsed(text)
    if (body === undefined) tally.problems.push(`${where}: no JSON: ${text.slice(0, 200)}`)
    else
      for (const problem of answerProblems(pathname, response.status, body))
        if (!(isPublishable(init) && problem.endsWith(' is missing')))
          tally.problems.push(`${where}: ${problem}`)
    return response
  }
