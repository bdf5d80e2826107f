import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import type { Check, RestoreAsked, RestoreDone, VerifyReport } from '../platform.ts'

const DONE: RestoreDone = {
  backup: '20261123T014500Z-3f9a1c',
  moment: '2026-11-23T02:10:11.123456Z',
  asked: null,
  files: 1_650,
  bytes: 40_000_000,
  dataDir: '/srv/evenkeel',
}

const check = (ok: boolean): Check => ({
  name: 'balances',
  proved: 'Balances are sums.',
  rows: 3,
  ok,
  findings: ok ? [] : [{ tenant: 1, what: 'a balance is not its sum', details: {} }],
  findingsCount: ok ? 0 : 1,
  notes: [],
})

const report = (ok: boolean): VerifyReport => ({
  ok,
  tenants: [{ tenant: 1, accounts: 2, transfers: 7, holdsOpen: 0 }],
  checks: [check(ok)],
  rows: 7,
  seconds: 0.5,
})

const stage = (done: Partial<RestoreDone> = {}, ok = true) => {
  const asked: RestoreAsked[] = []
  return {
    asked,
    door: {
      restoreBackup: async (wanted: RestoreAsked) => {
        asked.push(wanted)
        return { ...DONE, ...done }
      },
    },
    platform: { verify: async () => report(ok) },
  }
}

describe('restore', () => {
  test('says which moment the books hold, and that they are proven', async () => {
    const { asked, ...rest } = stage()
    const { code, answer, said } = await play('restore /var/backups/evenkeel', rest)
    assert.equal(code, 0)
    assert.match(answer, /^Restored from the backup 20261123T014500Z-3f9a1c into \/srv\/evenkeel\.$/m)
    assert.match(
      answer,
      /everything that was acknowledged until\s+2026-11-23T02:10:11\.123456Z, where the\s+log ends/,
    )
    assert.match(answer, /^The books are proven: 1 check over 7 transfers\.$/m)
    assert.match(said, /keeps no\s+backups until you run/)
    assert.deepEqual(
      asked.map(({ folder, to, backup, wal }) => ({ folder, to, backup, wal })),
      [{ folder: '/var/backups/evenkeel', to: null, backup: null, wal: null }],
    )
  })

  test('hands on the moment, the backup and the data folder that died', async () => {
    const { asked, ...rest } = stage({ asked: '2026-11-23T02:15:00.000000Z' })
    const line = 'restore /var/b --to 2026-11-23T02:15:00Z --backup 20261123T014500Z-3f9a1c --wal /old'
    const { answer } = await play(line, rest)
    assert.match(
      answer,
      /until\s+2026-11-23T02:15:00\.000000Z, and nothing later; the\s+last transaction is of/,
    )
    const [{ to, backup, wal } = { to: '', backup: '', wal: '' }] = asked
    assert.deepEqual([to, backup, wal], ['2026-11-23T02:15:00Z', DONE.backup, '/old'])
  })

  test('prints JSON for programs', async () => {
    const { asked: _asked, ...rest } = stage()
    const { answer } = await play('restore /var/backups/evenkeel --json', rest)
    assert.deepEqual(JSON.parse(answer), {
      backup: DONE.backup,
      asked: null,
      moment: DONE.moment,
      data_dir: DONE.dataDir,
      files: DONE.files,
      bytes: DONE.bytes,
      proof: { ok: true, checks: 1, transfers: 7 },
    })
  })

  test('ends with 1 and the findings where the restored books are not proven', async () => {
    const { asked: _asked, ...rest } = stage({}, false)
    const { code, answer } = await play('restore /var/backups/evenkeel', rest)
    assert.equal(code, 1)
    assert.match(answer, /a balance is not its sum/)
    assert.match(answer, /NOT PROVEN/)
  })

  test('that is interrupted says that nothing was restored', async () => {
    const interruption = AbortSignal.abort()
    const restoreBackup = async (): Promise<RestoreDone> => {
      throw new Error('aborted')
    }
    const { code, said } = await play('restore /var/backups/evenkeel', {
      interruption,
      door: { restoreBackup },
    })
    assert.equal(code, 130)
    assert.match(said, /Stopped\. Nothing was restored\./)
  })
})
