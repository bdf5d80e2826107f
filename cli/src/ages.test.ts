import assert from 'node:assert/strict'
import { test } from 'node:test'
import { play } from '../test/stage.ts'
import type { Ages } from './platform.ts'
import { size } from './wording.ts'

const transfers = { table: 'ledger.transfers', bytes: 2_097_152, indexBytes: 1_048_576, rows: 32_869 }
const ages: Ages = {
  kinds: [
    { kind: 'money', bytes: 2_097_152, indexBytes: 1_048_576, rows: 32_869, tables: [transfers] },
    { kind: 'events', bytes: 40_960, indexBytes: 8_192, rows: null, tables: [] },
  ],
  aging: [
    {
      table: 'database.events',
      keepDays: 400,
      months: [
        { month: '2025-10', bytes: 12_288, rows: 7, goes: '2026-12-06' },
        { month: '2025-11', bytes: 0, rows: 0, goes: '2027-01-05' },
      ],
      elsewhere: { bytes: 8_192, rows: 2 },
    },
    { table: 'launches.service_slots', keepDays: 90, months: null, elsewhere: { bytes: 0, rows: 0 } },
  ],
}
const platform = { doctor: async () => [], ages: async () => ages }

test('doctor shows how large everything is, and what is dropped when', async () => {
  const { answer } = await play('doctor', { platform })
  assert.match(answer, /^money +2\.0 MB +1\.0 MB +32,869$/m)
  assert.match(answer, /^events +40 kB +8 kB +\?$/m)
  assert.match(answer, /^database\.events +400 days +2 months, 2025-10 first +2026-12-06 \(12 kB\) +2$/m)
  assert.match(answer, /^launches\.service_slots +90 days +row by row$/m)
})

test('for programs the same in the words of the API', async () => {
  const { answer } = await play('doctor --json', { platform })
  const shown = JSON.parse(answer)
  assert.deepEqual(shown.findings, [])
  assert.deepEqual(shown.sizes[0].tables[0], {
    table: 'ledger.transfers',
    bytes: 2_097_152,
    index_bytes: 1_048_576,
    rows_about: 32_869,
  })
  assert.equal(shown.ages[0].months[0].dropped_on, '2026-12-06')
  assert.deepEqual(shown.ages[1].months, null)
})

test('sizes are written in the unit that fits', () => {
  assert.deepEqual([0, 512, 8_192, 1_048_576, 1_610_612_736, 5e15].map(size), [
    '0 kB',
    '1 kB',
    '8 kB',
    '1.0 MB',
    '1.5 GB',
    '4547.5 TB',
  ])
})
