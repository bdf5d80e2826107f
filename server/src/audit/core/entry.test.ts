import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { Micros, Uuid } from '../../kit/index.ts'
import { chain, NO_HASH, NO_HEAD } from './entry.ts'
import type { Act } from './model.ts'

const ACT: Act = {
  actor: { kind: 'person', id: 'person_1', name: 'Ada', role: 'business' },
  action: 'launch.signed',
  subject: 'launch_1',
  reason: 'it is time',
  before: { status: 'draft' },
  after: { status: 'signed', note: undefined, list: [1, null] },
}
const MADE = {
  id: '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7' as Uuid,
  createdMicros: 1_764_547_200_000_042n as Micros,
  recordedMs: 1_764_547_200_999,
}

/** Written down as an auditor would compute it, from the page of the guide and not from the code. */
const CONTENT =
  '{"action":"launch.signed","actor":{"id":"person_1","kind":"person","name":"Ada","role":"business"},' +
  '"after":{"list":[1,null],"status":"signed"},"before":{"status":"draft"},"created":1764547200,' +
  '"created_microsecond":42,"id":"audit_0199a1b2c3d47e5f8091a2b3c4d5e6f7","position":1,"reason":"it is time",' +
  '"recorded":1764547200,"subject":"launch_1"}'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

test('the hash is over the hash before and everything that is shown, in one form', () => {
  const { entry, content } = chain(NO_HEAD, ACT, MADE)
  assert.equal(content, CONTENT)
  assert.deepEqual(
    [entry.position, entry.previousHash, entry.hash],
    [1, NO_HASH, sha256('0'.repeat(64) + CONTENT)],
  )
  const next = chain(entry, ACT, MADE)
  assert.deepEqual([next.entry.position, next.entry.previousHash], [2, entry.hash])
  assert.equal(next.entry.hash, sha256(entry.hash + CONTENT.replace('"position":1', '"position":2')))
})
