import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import type { People, Person, Platform } from '../platform.ts'

const SECRET = 'uk_test_2abcdXy9z'
const ADA: Person = {
  id: 'person_0199a1b2c3d47e5f8091a2b3c4d5e6f7',
  name: 'Ada',
  role: 'technology',
  createdMs: 1_764_547_200_000,
  tenantName: 'sandbox',
  removedMs: null,
}

const never = () => {
  throw new Error('not asked for in this test')
}

const peopleWith = (own: Partial<People>): Pick<Platform, 'people'> => ({
  people: { add: never, list: never, remove: never, renewKey: never, ...own },
})

describe('people add', () => {
  const adding = () => {
    const wanted: unknown[] = []
    const platform = peopleWith({
      add: async (one) => {
        wanted.push(one)
        const person = { ...ADA, ...one, tenantName: one.tenant }
        return { ok: true, person, text: SECRET, keyId: 'key_1', mode: 'test' }
      },
    })
    return { wanted, platform }
  }

  test('answers with the key alone, so that a script can take it, and says whose it is', async () => {
    const { wanted, platform } = adding()
    const { code, answer, said } = await play(['people', 'add', 'Ada L.', '--role', 'technology'], {
      platform,
    })
    assert.deepEqual([code, answer], [0, `${SECRET}\n`])
    assert.match(said, /^Ada L\. \(person_0199\w+\) has the role technology in the sandbox "sandbox"/)
    assert.deepEqual(wanted, [{ tenant: 'sandbox', name: 'Ada L.', role: 'technology' }])
  })

  test('names the live books only with --live, and no role of its own', async () => {
    const { wanted, platform } = adding()
    await play('people add Ada --role business --live', { platform })
    assert.deepEqual(wanted, [{ tenant: 'live', name: 'Ada', role: 'business' }])
    for (const line of ['Ada', 'Ada --role king', '--role business', 'Ada --role business --sandbox live'])
      assert.equal((await play(`people add ${line}`, { platform })).code, 2, line)
    assert.equal(wanted.length, 1)
  })

  test('prints one object with --json', async () => {
    const { answer, said } = await play('people add Ada --role viewer --json', {
      platform: adding().platform,
    })
    assert.equal(said, '')
    assert.deepEqual(JSON.parse(answer), {
      id: ADA.id,
      object: 'person',
      created: 1_764_547_200,
      name: 'Ada',
      removed_at: null,
      role: 'viewer',
      tenant: 'sandbox',
      key: 'key_1',
      secret: SECRET,
    })
  })

  test('passes on what the server refuses, and ends with 1', async () => {
    const message = '"Ada" is there already: …'
    const platform = peopleWith({ add: async () => ({ ok: false, code: 'person_exists', message }) })
    const { code, said } = await play('people add Ada --role viewer', { platform })
    assert.deepEqual([code, said], [1, `error: ${message}\n`])
  })
})

test('people list shows who is there and who was removed', async () => {
  const gone = { ...ADA, name: 'Bob', removedMs: 1_764_547_260_000 }
  const { answer } = await play('people list', { platform: peopleWith({ list: async () => [ADA, gone] }) })
  const [title = '', first = '', second = ''] = answer.split('\n')
  assert.match(title, /^ID +NAME +ROLE +TENANT +ADDED +STATE$/)
  assert.match(first, /Ada +technology +sandbox .* there$/)
  assert.match(second, /Bob .* removed \d{4}-/)
  const none = await play('people list', { platform: peopleWith({ list: async () => [] }) })
  assert.match(none.answer, /evenkeel people add/)
  const nowhere = await play('people list --sandbox nowhere', { platform: peopleWith({}) })
  assert.equal(nowhere.code, 1)
})

test('people key prints the new key alone', async () => {
  const platform = peopleWith({
    renewKey: async () => ({ ok: true, person: ADA, text: SECRET, keyId: 'key_2', mode: 'test' }),
  })
  assert.equal((await play(`people key ${ADA.id}`, { platform })).answer, `${SECRET}\n`)
})

test('people remove says who it was, and whether that was so before', async () => {
  for (const [wasRemoved, text] of [
    [false, /is removed\.$/],
    [true, /was removed before\.$/],
  ] as const) {
    const platform = peopleWith({ remove: async () => ({ ok: true, person: ADA, wasRemoved }) })
    assert.match((await play(`people remove ${ADA.id}`, { platform })).answer.trim(), text)
  }
})
