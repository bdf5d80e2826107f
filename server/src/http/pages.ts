import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { sendDraining } from './admit.ts'
import type { WireAnswer } from './envelope.ts'
import { type Door, Exchange } from './exchange.ts'
import { type FormObject, parseForm } from './form.ts'
import { bodyFormat, hasLargeBody } from './headers.ts'
import { PAGE_BODY_LIMIT_BYTES } from './limits.ts'
import { Problem } from './problem.ts'
import { send, sendProblem, sendThrown } from './send.ts'

/** What somebody's browser asks for. Fields that come twice, or are no text, are left out. */
export type PageRequest = {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly form: Readonly<Record<string, string>>
}

export type PageAnswer =
  | {
      readonly kind: 'html'
      readonly status: number
      readonly html: string
      /** The Content-Security-Policy: what the page may load, and where its form may lead. */
      readonly policy: string
    }
  | { readonly kind: 'redirect'; readonly location: string }

/**
 * A page for people, outside the API: it asks for no key, so whoever has its address may use it. An address that allows
 * anything has something in it that cannot be guessed.
 */
export type PageRoute = {
  readonly method: 'GET' | 'POST'
  readonly path: `/sandbox/${string}`
  readonly handle: (request: PageRequest) => PageAnswer | Promise<PageAnswer>
}

const textsOf = (fields: FormObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )

const parse = (text: string): Record<string, string> => {
  const fields = parseForm(text)
  return fields instanceof Problem ? {} : textsOf(fields)
}

const readForm = async (request: FastifyRequest): Promise<string | Problem> => {
  if (request.method !== 'POST') return ''
  const format = bodyFormat(request.headers)
  if (format instanceof Problem) return format
  if (format !== 'form') return new Problem('content_type_unsupported')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.raw) {
    chunks.push(chunk as Buffer)
    bytes += (chunk as Buffer).length
    if (bytes > PAGE_BODY_LIMIT_BYTES) return new Problem('body_too_large')
  }
  return Buffer.concat(chunks).toString('utf8')
}

const SEE_OTHER = 303

const wireOf = (answer: PageAnswer): WireAnswer => {
  const reply = { status: SEE_OTHER, body: '', objectId: null, code: null }
  const type = 'text/html; charset=utf-8'
  if (answer.kind === 'redirect') return { reply, type, headers: ['location', answer.location] }
  const { status, html, policy } = answer
  return { reply: { ...reply, status, body: html }, type, headers: null, policy }
}

const serve = async (door: Door, route: PageRoute, exchange: Exchange): Promise<void> => {
  const { request } = exchange
  try {
    const form = await readForm(request)
    if (form instanceof Problem) {
      exchange.unread = true
      sendProblem(door, exchange, form)
      return
    }
    const url = request.raw.url ?? ''
    const mark = url.indexOf('?')
    const answer = await route.handle({
      params: request.params as Readonly<Record<string, string>>,
      query: mark === -1 ? {} : parse(url.slice(mark + 1)),
      form: parse(form),
    })
    send(door, exchange, wireOf(answer))
  } catch (error) {
    sendThrown(door, exchange, error)
  }
}

export const addPages = (app: FastifyInstance, door: Door, pages: readonly PageRoute[]): void => {
  for (const page of pages) {
    app.route({
      method: page.method,
      url: page.path,
      onRequest: (request: FastifyRequest, reply: FastifyReply, _done) => {
        const exchange = new Exchange(door, request, reply, null, page.path)
        exchange.unread = hasLargeBody(request.headers)
        if (door.draining) sendDraining(door, exchange)
        else void serve(door, page, exchange)
      },
      handler: () => undefined,
    })
  }
}
