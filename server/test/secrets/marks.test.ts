import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findIn, formsOf } from './marks.ts'

const VALUE = 'a secret/with+signs "and" quotes'
const FORMS = formsOf({ name: 'planted', value: VALUE })
const bytes = Buffer.from(VALUE)

test('a secret is found in every form that it may be written in, whatever stands around it', () => {
  const planted: readonly (string | Buffer)[] = [
    VALUE,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(VALUE),
    JSON.stringify({ key: VALUE }),
    ...['', 'x', 'xy', 'xyz'].flatMap((before) => [
      Buffer.from(`${before}${VALUE}after`).toString('base64'),
      Buffer.from(`${before}${VALUE}`).toString('base64url'),
    ]),
  ]
  for (const form of planted) {
    const content = Buffer.concat([Buffer.from('before '), Buffer.from(form), Buffer.from(' after')])
    assert.equal(findIn('here', content, FORMS).length > 0, true, String(form))
  }
})

test('what is not there is not found', () => {
  assert.deepEqual(findIn('here', Buffer.from(VALUE.slice(1)), FORMS), [])
  assert.deepEqual(findIn('here', Buffer.alloc(1_000), FORMS), [])
})
