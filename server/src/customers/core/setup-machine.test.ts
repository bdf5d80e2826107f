import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { SetupStatus } from './model.ts'
import { isSetupOver, nextSetupStatus, SETUP_MACHINE, type SetupHappens } from './setup-machine.ts'

const COLUMNS: readonly SetupHappens[] = [
  'give',
  'take',
  'confirm',
  'verified',
  'declined',
  'ask',
  'authenticated',
  'not_authenticated',
  'cancel',
]

const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .map((line) => line.replace(/^ \* /, ''))
    .filter((line) => /^\| (?:requires_|processing|succeeded|canceled)/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the states of a SetupIntent', () => {
  for (const page of ['./setup-machine.ts', '../README.md'])
    test(`are those of the table in ${page}`, () => {
      const rows = rowsOf(read(page))
      assert.equal(rows.length, Object.keys(SETUP_MACHINE).length)
      for (const [state = '', ...cells] of rows) {
        const status = state as SetupStatus
        for (const [index, cell] of cells.entries()) {
          const expected = cell === '–' ? null : cell === 'stays' ? status : cell
          const happens = COLUMNS[index] ?? 'give'
          assert.equal(nextSetupStatus(status, happens), expected, `${status}: ${happens}`)
        }
      }
    })

  test('that are over lead nowhere', () => {
    for (const status of ['succeeded', 'canceled'] as const) {
      assert.ok(isSetupOver(status))
      assert.deepEqual(SETUP_MACHINE[status], {})
    }
  })
})
