import { isUtf8 } from 'node:buffer'
import type { Reply } from '../kit/index.ts'
import { assert, Bug } from '../kit/index.ts'
import { digestOf } from './digest.ts'
import { replyAnswer } from './envelope.ts'
import { type Door, type Exchange, HandlerContext } from './exchange.ts'
import { type FormObject, parseForm } from './form.ts'
import { type JsonObject, parseJson } from './json.ts'
import type { PreparedRoute } from './prepared.ts'
import { Problem } from './problem.ts'
import type { Claim, ForeignRequest, WithHeaders } from './route.ts'
import { send, sendProblem, sendThrown } from './send.ts'
import { Trouble } from './trouble.ts'

type Sent = {
  readonly path: string
  readonly query: FormObject
  readonly body: FormObject | JsonObject
  readonly text: boolean
}

const NOTHING: FormObject = Object.freeze({})

/** What a URL may hold: anything else was not percent-encoded. A # never reaches a server. */
const URL_TEXT = /^[\x21\x22\x24-\x7e]*$/

const parseQuery = (text: string): FormObject | Problem => {
  if (URL_TEXT.test(text)) return parseForm(text)
  return new Problem('form_invalid', 'The query string holds characters that are not percent-encoded.')
}

const parseBody = (exchange: Exchange, bytes: Buffer | null): FormObject | JsonObject | Problem => {
  if (bytes === null || bytes.length === 0) return NOTHING
  if (exchange.format === 'json') return parseJson(bytes)
  if (!isUtf8(bytes)) return new Problem('form_invalid', 'The body is not UTF-8.')
  return parseForm(bytes.toString('utf8'))
}

const parseSent = (exchange: Exchange, { route }: PreparedRoute, bytes: Buffer | null): Sent | Problem => {
  const url = exchange.request.raw.url ?? ''
  const mark = url.indexOf('?')
  const query = mark === -1 ? NOTHING : parseQuery(url.slice(mark + 1))
  if (query instanceof Problem) return query
  const body = route.foreign === null ? parseBody(exchange, bytes) : NOTHING
  if (body instanceof Problem) return body
  return { path: mark === -1 ? url : url.slice(0, mark), query, body, text: exchange.format !== 'json' }
}

type Fields = { readonly [key: string]: unknown }

/** Reads one part of the request by its schema. */
const readPart = (read: PreparedRoute['readQuery'], value: unknown, text: boolean): Fields | Problem => {
  const result = read(value, text)
  return result instanceof Trouble ? result.problem() : (result as Fields)
}

const claimOf = (exchange: Exchange, prepared: PreparedRoute, sent: Sent): Claim | null => {
  if (prepared.route.idempotency !== 'stored') return null
  const key = exchange.request.headers['idempotency-key']
  if (typeof key !== 'string') return null
  return { scope: '', key, digest: digestOf(exchange.request.method, sent.path, sent.query, sent.body) }
}

const foreignOf = ({ request }: Exchange, bytes: Buffer | null): ForeignRequest => ({
  text: bytes === null ? '' : isUtf8(bytes) ? bytes.toString('utf8') : null,
  ifNoneMatch: request.headers['if-none-match'] ?? null,
})

type Readied = { readonly context: HandlerContext; readonly input: unknown }

const ready = (
  door: Door,
  exchange: Exchange,
  prepared: PreparedRoute,
  bytes: Buffer | null,
): Readied | Problem => {
  const { principal } = exchange
  assert(principal !== null, 'a request without a principal is not admitted')
  const sent = parseSent(exchange, prepared, bytes)
  if (sent instanceof Problem) return sent
  // The claim is on what was sent: it is taken before the readers see the parameters.
  const claim = claimOf(exchange, prepared, sent)
  const params = readPart(prepared.readParams, exchange.request.params, true)
  if (params instanceof Problem) return params
  const query = readPart(prepared.readQuery, sent.query, true)
  if (query instanceof Problem) return query
  const body = readPart(prepared.readBody, sent.body, sent.text)
  if (body instanceof Problem) return body
  const expand = prepared.checkExpand(prepared.route.method === 'POST' ? body['expand'] : query['expand'])
  if (expand instanceof Problem) return expand
  const context = new HandlerContext(exchange, principal, door.log, {
    claim,
    bodyBytes: bytes?.length ?? 0,
    expand,
    foreign: prepared.route.foreign === null ? null : foreignOf(exchange, bytes),
  })
  return { context, input: { params, query, body } }
}

const isReply = (answer: unknown): answer is Reply =>
  typeof answer === 'object' &&
  answer !== null &&
  'body' in answer &&
  typeof answer.body === 'string' &&
  'objectId' in answer

const headersOf = (reply: Reply | WithHeaders): readonly string[] | null =>
  'headers' in reply ? reply.headers : null

const replyOf = (prepared: PreparedRoute, answer: unknown): Reply => {
  const reply = isReply(answer)
    ? answer
    : { status: 200, body: JSON.stringify(answer), objectId: null, code: null }
  if (prepared.faultOfAnswer !== null && reply.status < 300) {
    const fault = prepared.faultOfAnswer(JSON.parse(reply.body))
    if (fault !== null)
      throw new Bug(`the answer of ${prepared.route.operation} is not what its schema says: ${fault}`)
  }
  return reply
}

/** Runs a request that was let in: reads it, hands it to its capability, sends what that answers. Never throws. */
export const run = async (
  door: Door,
  exchange: Exchange,
  prepared: PreparedRoute,
  bytes: Buffer | null,
): Promise<void> => {
  try {
    const readied = ready(door, exchange, prepared, bytes)
    if (readied instanceof Problem) return sendProblem(door, exchange, readied)
    const answer = await prepared.route.handle(readied.context, readied.input)
    const reply = replyOf(prepared, answer)
    send(door, exchange, replyAnswer(reply, headersOf(reply)))
  } catch (error) {
    sendThrown(door, exchange, error)
  }
}
