import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play, SANDBOX, tenantsWith } from '../../test/stage.ts'

describe('sandboxes', () => {
  test('are made with a time zone', async () => {
    const platform = tenantsWith({
      createSandbox: async ({ name, timeZone = '' }) => ({
        ok: true,
        tenant: { ...SANDBOX, name, timeZone },
      }),
    })
    const made = await play('sandboxes create month-end --time-zone Europe/Prague', { platform })
    assert.match(made.answer, /^Sandbox "month-end" is there, with its days in Europe\/Prague\.$/m)
    const json = await play('sandboxes create x --json', { platform })
    assert.deepEqual([JSON.parse(json.answer), json.said], [{ name: 'x', time_zone: 'UTC' }, ''])
  })

  test('are listed without the live books', async () => {
    const { answer } = await play('sandboxes list --json')
    assert.deepEqual(JSON.parse(answer), [{ name: 'sandbox', time_zone: 'UTC', created: 0 }])
    assert.match((await play('sandboxes list')).answer, /^NAME +TIME ZONE +CREATED\nsandbox /)
  })

  test('are deleted only with --yes', async () => {
    const deleted: string[] = []
    const platform = tenantsWith({
      deleteSandbox: async (name) => {
        deleted.push(name)
        return { ok: true, rows: 1_234 }
      },
    })
    const asked = await play('sandboxes delete old', { platform })
    assert.equal(asked.code, 2)
    assert.match(asked.said, /fix: If that is meant: evenkeel sandboxes delete old --yes/)
    assert.deepEqual(deleted, [])
    const done = await play('sandboxes delete old --yes', { platform })
    assert.deepEqual([done.code, done.answer], [0, 'Sandbox "old" is deleted, with 1,234 rows.\n'])
    assert.deepEqual(deleted, ['old'])
  })
})
