import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { describe, it } from 'node:test'
import { bodyFormat, checkHeaders } from './headers.ts'
import { Problem } from './problem.ts'

const formatOf = (type: string | undefined, more: IncomingHttpHeaders = {}): string => {
  const format = bodyFormat({
    'content-length': '3',
    ...(type === undefined ? {} : { 'content-type': type }),
    ...more,
  })
  return format instanceof Problem ? `${format.code} ${format.status ?? 400}` : format
}

describe('the type of a body', () => {
  const accepted: readonly (readonly [string, string])[] = [
    ['application/json', 'json'],
    ['APPLICATION/JSON', 'json'],
    ['application/json;charset=utf-8', 'json'],
    ['application/json; charset=UTF-8', 'json'],
    ['application/json ; charset="utf-8"', 'json'],
    ['application/x-www-form-urlencoded', 'form'],
    ['Application/X-WWW-Form-Urlencoded; Charset=utf-8', 'form'],
  ]
  for (const [type, format] of accepted) it(`takes ${type}`, () => assert.equal(formatOf(type), format))

  // Ways in which a parser and a validator have read one header differently.
  const refused = [
    '',
    ' ',
    'json',
    'text/plain',
    'text/json',
    'application/json+x',
    'application/vnd.api+json',
    'application/jsonx',
    'application/json,',
    'application/json, text/plain',
    'text/plain, application/json',
    'application/json;',
    'application/json;;charset=utf-8',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; boundary=x',
    'application/json\tx',
    'application/json\u00a0',
    'application/ json',
    'application /json',
    'application/json/',
    '/json',
    '*/*',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'application/x-www-form-urlencoded application/json',
  ]
  for (const type of refused) {
    it(`refuses ${JSON.stringify(type)}`, () => assert.equal(formatOf(type), 'content_type_unsupported 415'))
  }

  it('must be said', () => assert.equal(formatOf(undefined), 'content_type_missing 400'))

  it('is of the plain body: no compression and no transfer encoding but chunked', () => {
    const type = 'application/json'
    assert.equal(formatOf(type, { 'content-encoding': 'identity' }), 'json')
    assert.equal(formatOf(type, { 'transfer-encoding': 'Chunked' }), 'json')
    for (const encoding of ['gzip', 'br', 'deflate', 'identity, gzip']) {
      assert.equal(formatOf(type, { 'content-encoding': encoding }), 'content_encoding_unsupported 415')
    }
    for (const transfer of ['gzip, chunked', 'identity', 'chunked, chunked']) {
      assert.equal(formatOf(type, { 'transfer-encoding': transfer }), 'content_encoding_unsupported 415')
    }
  })
})

describe('headers that make a request ambiguous', () => {
  const check = (...raw: string[]): string | undefined => checkHeaders({}, raw)?.code

  it('come once', () => {
    for (const name of [
      'Content-Type',
      'authorization',
      'Idempotency-Key',
      'HOST',
      'content-length',
      'Stripe-Version',
      'Transfer-Encoding',
    ]) {
      assert.equal(check(name, 'a'), undefined)
      assert.equal(check(name, 'a', 'Accept', 'b', name.toLowerCase(), 'a'), 'header_duplicate')
    }
    assert.equal(check('Accept', 'a', 'Accept', 'b', 'X-Content-Typ', 'c', 'X-Content-Typ', 'd'), undefined)
  })

  it('are refused when they ask for what is not supported', () => {
    for (const name of ['Stripe-Account', 'stripe-context', 'X-HTTP-Method-Override'])
      assert.equal(check(name, 'x'), 'header_unsupported')
  })
})
