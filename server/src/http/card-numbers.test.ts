import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalReply } from './envelope.ts'

const messageOf = (message: string): string =>
  JSON.parse(refusalReply({ kind: 'invalid', code: 'x', message }).body).error.message

test('no message repeats a card number, however it is written', () => {
  assert.equal(messageOf("No such token: '4000056655665556'"), "No such token: '************5556'")
  assert.equal(messageOf('4242 4242 4242 4242 and 3782-822463-10005'), '************4242 and ***********0005')
})

test('other numbers stay as they are', () => {
  for (const text of ['No such account: 4000056655665557', 'order 123456789012', 'pi_0199a1b2c3d47e5f'])
    assert.equal(messageOf(text), text)
})
