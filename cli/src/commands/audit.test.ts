import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play, type Stage } from '../../test/stage.ts'

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'
const ENTRY = {
  id: 'audit_0199a1b2c3d47e5f8091a2b3c4d5e6f7',
  object: 'audit_entry',
  position: 57,
  created: 1_764_547_200,
  action: 'launch.signed',
  subject: 'launch_1',
  hash: HASH,
  actor: { kind: 'person', id: 'person_1', name: 'Ada', role: 'business' },
}

const environment = { EVENKEEL_API_KEY: 'uk_test_1', EVENKEEL_URL: 'http://server' }

const answering = (entries: readonly object[], asked: string[] = [], hash = HASH): Stage => ({
  environment,
  fetch: async (url) => {
    asked.push(String(url))
    return Response.json({ object: 'list', data: entries, has_more: false, url: '/v1/audit_entries' })
  },
  door: { hashOfAuditEntry: () => hash },
})

describe('audit list', () => {
  test('shows who did what, and asks for what is wanted only', async () => {
    const asked: string[] = []
    const { code, answer } = await play(
      'audit list --action launch.signed --subject launch_1 --limit 5',
      answering([ENTRY], asked),
    )
    assert.equal(code, 0)
    const [title = '', row = ''] = answer.split('\n')
    assert.match(title, /^POSITION +WHEN \(UTC\) +WHO +ACTION +SUBJECT +HASH$/)
    assert.match(row, /^57 +2025-12-01T00:00:00 +Ada +launch\.signed +launch_1 +9f86d081884c…$/)
    assert.equal(asked[0], 'http://server/v1/audit_entries?limit=5&action=launch.signed&subject=launch_1')
  })

  test('refuses a limit that is none', async () => {
    assert.equal((await play('audit list --limit 0', answering([]))).code, 2)
  })
})

test('audit show finds an entry by its position', async () => {
  const asked: string[] = []
  const { answer } = await play('audit show 57', answering([ENTRY], asked))
  assert.equal(JSON.parse(answer).id, ENTRY.id)
  assert.match(asked[0] ?? '', /\?position=57$/)
  assert.equal((await play('audit show 58', answering([]))).code, 1)
})

describe('audit check', () => {
  const check = (stage: Stage, hash = HASH) => play(`audit check 57 ${hash}`, stage)

  test('says that a receipt is good', async () => {
    const { code, answer } = await check(answering([ENTRY]))
    assert.equal(code, 0)
    assert.match(answer, /^Entry 57 stands as it was recorded: launch\.signed of launch_1 by Ada, 2025-12-01/)
  })

  test('says what became of the entry where it is not', async () => {
    for (const [stage, said] of [
      [answering([]), /the log was cut off/],
      [answering([{ ...ENTRY, hash: '0'.repeat(64) }]), /the log was rewritten/],
      [answering([ENTRY], [], '0'.repeat(64)), /it was edited/],
    ] as const) {
      const got = await check(stage)
      assert.equal(got.code, 1)
      assert.match(got.said, said)
    }
  })

  test('refuses what is no receipt', async () => {
    assert.equal((await check(answering([ENTRY]), '9f86')).code, 2)
    assert.equal((await play(`audit check first ${HASH}`, answering([ENTRY]))).code, 2)
  })
})

describe('the key of anchors', () => {
  const audit = {
    verify: async () => {
      throw new Error('not asked for in this test')
    },
    publicKey: () => ({ id: 'abc', publicKey: 'MCow' }),
    rotateKey: async () => ({ before: 'abc', after: 'def' }),
  }

  test('is printed alone, for whoever keeps it elsewhere', async () => {
    assert.equal((await play('audit public-key', { platform: { audit } })).answer, 'MCow\n')
  })

  test('is replaced only when that is meant', async () => {
    assert.equal((await play('audit rotate-key', { platform: { audit } })).code, 2)
    const { answer } = await play('audit rotate-key --yes', { platform: { audit } })
    assert.equal(answer, 'The key is def, in the place of abc.\n')
  })
})
