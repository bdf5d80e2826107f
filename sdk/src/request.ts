import { JsonText, type Payload, toForm, toJson } from './encoding.ts'

export type Method = 'GET' | 'POST' | 'DELETE'

/** A request, ready to be sent as often as it takes. */
export type Prepared = {
  readonly method: Method
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export type RequestParts = {
  readonly method: Method
  readonly baseUrl: string
  readonly path: string
  readonly payload: Payload
  readonly apiKey: string | null
  readonly idempotencyKey: string | null
}

const FORM_TYPE = 'application/x-www-form-urlencoded'

const bodyOf = (payload: Payload): { readonly type: string; readonly text: string } => {
  if (payload instanceof JsonText) return { type: 'application/json', text: payload.text }
  if (payload instanceof URLSearchParams) return { type: FORM_TYPE, text: payload.toString() }
  return { type: 'application/json', text: toJson(payload) }
}

const queryOf = (payload: Payload): string => {
  if (payload instanceof JsonText)
    throw new TypeError('A GET or DELETE request takes parameters, not a JSON text.')
  return (payload instanceof URLSearchParams ? payload : toForm(payload)).toString()
}

const withQuery = (url: string, query: string): string =>
  query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`

export const prepare = (parts: RequestParts): Prepared => {
  const { method, baseUrl, path, payload, apiKey, idempotencyKey } = parts
  // A path that is none could lead the key to another host.
  if (!path.startsWith('/')) throw new TypeError(`The path "${path}" must begin with a slash.`)
  const headers: Record<string, string> = { accept: 'application/json' }
  if (apiKey !== null) headers['authorization'] = `Bearer ${apiKey}`
  if (idempotencyKey !== null) headers['idempotency-key'] = idempotencyKey
  const url = baseUrl + path
  // The API refuses a body on both: their parameters stand in the query string.
  if (method !== 'POST') return { method, url: withQuery(url, queryOf(payload)), headers, body: null }
  const { type, text } = bodyOf(payload)
  headers['content-type'] = type
  return { method, url, headers, body: text }
}

/** http://127.0.0.1:8484/ → http://127.0.0.1:8484 */
export const readBaseUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new TypeError(`"${text}" is no address of a server: write one such as http://127.0.0.1:8484.`)
  if (url.username !== '' || url.search !== '' || url.hash !== '')
    throw new TypeError('The address of a server has neither a user, nor a query, nor a fragment.')
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
