import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuse } from './reasons.ts'

test('a refusal names what was given, and says what to do', () => {
  const { ok, code, message } = refuse('sandbox_name_invalid', 'Two Words')
  assert.deepEqual({ ok, code }, { ok: false, code: 'sandbox_name_invalid' })
  assert.match(message, /^"Two Words" is no name for a sandbox: take /)
})

test('what was given is shortened, kept on one line, and never taken for a pattern', () => {
  assert.match(refuse('tenant_missing', `a\nb${'c'.repeat(100)}`).message, /^There is no tenant "a bc{57}…":/)
  assert.match(refuse('key_missing', '$&').message, /^There is no key "\$&":/)
})
