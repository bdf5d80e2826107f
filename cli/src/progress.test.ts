import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play } from '../test/stage.ts'
import type { Platform } from './platform.ts'

const CLEAR = '\r\x1b[K'

const verify: Platform['verify'] = async (_options, onProgress) => {
  for (const done of [0, 2_500, 5_000, 10_000])
    onProgress({ tenant: 2, step: 'transfers', done, total: 10_000 })
  return { ok: true, tenants: [], checks: [], rows: 10_000, seconds: 1 }
}

const platform = { verify }

describe('progress', () => {
  test('is a bar where somebody looks on, and the bar is gone at the end', async () => {
    const { said } = await play('verify', {
      platform,
      isTerminal: true,
      environment: { NO_COLOR: '1' },
      tickMs: 100,
    })
    assert.ok(said.includes(`${CLEAR}██████${'░'.repeat(18)}   25 %  sandbox: transfers, 2,500 of 10,000`))
    assert.ok(said.endsWith(CLEAR))
  })

  test('is a line every few seconds elsewhere, as in CI', async () => {
    for (const stage of [{}, { isTerminal: true, environment: { CI: 'true', NO_COLOR: '1' } }]) {
      const { said } = await play('verify', { platform, ...stage, tickMs: 2_600 })
      assert.equal(
        said,
        ' 25 %  sandbox: transfers, 2,500 of 10,000\n100 %  sandbox: transfers, 10,000 of 10,000\n',
      )
    }
  })

  test('says nothing about what is quickly done', async () => {
    assert.equal((await play('verify', { platform, tickMs: 10 })).said, '')
  })
})
