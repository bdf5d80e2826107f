import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeStandbys, type Standbys } from './standbys.ts'

const alone: Standbys = { count: 0, waitedFor: 0, names: '', synchronousCommit: 'on' }

test('a standby that commits do not wait for is a danger, and so is one that is waited for and away', () => {
  const cases = [
    [alone, null, /^$/],
    [{ ...alone, count: 1 }, 'danger', /^1 standby, and commits do not wait$/],
    [{ ...alone, count: 2, waitedFor: null }, 'danger', /^2 standbys, and commits do not wait$/],
    [{ ...alone, names: 'two' }, 'danger', /^none, and commits wait for one$/],
    [{ ...alone, count: 1, waitedFor: 1, names: 'two', synchronousCommit: 'local' }, 'danger', /is local$/],
    [
      { ...alone, count: 1, waitedFor: 1, names: 'two', synchronousCommit: 'remote_write' },
      'danger',
      /remote_write/,
    ],
    [{ ...alone, count: 1, names: 'other' }, 'danger', /wait for another/],
    [
      { ...alone, count: 2, waitedFor: 1, names: 'ANY 1 (*)' },
      'fine',
      /^2 standbys, and commits wait for 1 of them$/,
    ],
    [{ ...alone, count: 1, waitedFor: null, names: 'two' }, 'fine', /^1 standby, and commits wait$/],
    [
      { ...alone, count: 1, waitedFor: 1, names: 'two', synchronousCommit: 'remote_apply' },
      'fine',
      /wait for 1/,
    ],
  ] as const
  for (const [standbys, severity, found] of cases) {
    const finding = judgeStandbys(standbys)
    assert.equal(finding?.severity ?? null, severity, JSON.stringify(standbys))
    assert.match(finding?.found ?? '', found)
  }
})
