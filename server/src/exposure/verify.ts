import type { ClientBase } from 'pg'
import {
  type Check,
  type RawRow,
  readTenantDay,
  Sheet,
  type Statement,
  tenantDay,
} from '../database/index.ts'
import type { TenantId } from '../kit/index.ts'
import { shownLaunch } from './core/ask.ts'
import { checkControls } from './core/check-controls.ts'
import { findControls, findCounters, readControlsRow, readCounter } from './store.ts'

const rowsOf = async (client: ClientBase, { text, values }: Statement): Promise<readonly RawRow[]> => {
  const { rows } = await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })
  return rows
}

const checkCounters = async (client: ClientBase, tenant: TenantId, sheet: Sheet): Promise<void> => {
  const today = readTenantDay(await rowsOf(client, tenantDay(tenant)))?.day ?? 0
  for (const counter of (await rowsOf(client, findCounters(tenant))).map(readCounter)) {
    const { launch, stage, day, reservedToday, reservedInStage } = counter
    sheet.rows += 1
    const details = { launch: shownLaunch(launch), stage, day, reservedToday, reservedInStage }
    if (reservedToday < 0 || reservedInStage < 0)
      sheet.find(tenant, 'less than nothing is reserved of a cap', details)
    if (reservedToday > reservedInStage)
      sheet.find(tenant, 'more is reserved of a day than of its stage', details)
    if (stage < 0 || day > today)
      sheet.find(tenant, 'a counter is of a stage or of a day that there is not', details)
  }
}

/** That controls and counters are whole. What is reserved for which payment is theirs to prove (payments). */
export const verifyExposure = async (
  client: ClientBase,
  tenants: readonly TenantId[],
): Promise<readonly Check[]> => {
  const controls = new Sheet(
    'exposure controls',
    'Each live launch has one control, of a version and a share that can be.',
  )
  const counters = new Sheet(
    'exposure counters',
    'No cap’s counter is below zero, and no day’s is above its stage’s.',
  )
  for (const tenant of tenants) {
    const [row] = await rowsOf(client, findControls(tenant))
    if (row !== undefined) {
      const found = readControlsRow(row)
      controls.rows += found.controls.length
      for (const { launch, fault } of checkControls(found))
        controls.find(tenant, 'a control is broken', { launch, fault })
    }
    await checkCounters(client, tenant, counters)
  }
  return [controls.result(), counters.result()]
}
