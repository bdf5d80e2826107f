import { Agent, type IncomingMessage, request } from 'node:http'
import type { Seen } from '../oracle/classify.ts'

/** Longer than every limit of the server: whoever is silent for so long while he lives has forgotten the request. */
const SILENCE_MS = 25_000

export type Call = {
  readonly address: string
  readonly apiKey: string
  readonly path: string
  readonly body: string
  readonly key: string | null
}

/** One keep-alive connection, as one client has it. It never repeats a request by itself. */
export type Connection = {
  readonly post: (call: Call) => Promise<Seen>
  readonly close: () => void
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : error.message)

/** Only of a connection that was refused is it certain that nothing was sent. */
const failed = (error: Error): Seen => {
  const why = codeOf(error)
  return why === 'ECONNREFUSED' ? { kind: 'unsent', why } : { kind: 'lost', why }
}

const headersOf = ({ apiKey, body, key }: Call): Record<string, string> => ({
  authorization: `Bearer ${apiKey}`,
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
  ...(key === null ? {} : { 'idempotency-key': key }),
})

const textHeader = (response: IncomingMessage, name: string): string | null => {
  const value = response.headers[name]
  return typeof value === 'string' ? value : null
}

const readAnswer = (response: IncomingMessage, done: (seen: Seen) => void): void => {
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  response.on('error', (error) => done(failed(error)))
  response.on('end', () => {
    if (!response.complete) {
      done({ kind: 'lost', why: 'the answer was cut off' })
      return
    }
    done({
      kind: 'answer',
      status: response.statusCode ?? 0,
      retryAfter: textHeader(response, 'retry-after'),
      replayed: textHeader(response, 'idempotent-replayed') === 'true',
      body: Buffer.concat(chunks).toString('utf8'),
    })
  })
}

export const openConnection = (): Connection => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = (call: Call): Promise<Seen> =>
    new Promise((resolve) => {
      const sending = request(
        new URL(call.path, call.address),
        { agent, method: 'POST', headers: headersOf(call) },
        (response) => readAnswer(response, done),
      )
      const timer = setTimeout(() => {
        done({ kind: 'silent', why: `no answer to ${call.path} within ${SILENCE_MS / 1_000} s` })
        sending.destroy()
      }, SILENCE_MS)
      const done = (seen: Seen): void => {
        clearTimeout(timer)
        resolve(seen)
      }
      sending.on('error', (error) => done(failed(error)))
      sending.end(call.body)
    })
  return { post, close: () => agent.destroy() }
}
