import { defineRecords, type Writer } from '../database/index.ts'
import type { Launch } from './core/model.ts'
import type { Premortem } from './core/premortem.ts'

export const launches = defineRecords<Launch>({
  table: 'launches.launches',
  columns: [{ name: 'status', type: 'text', of: ({ status }) => status, changes: true }],
  bigints: [],
})

/** Under the id of its launch. */
export const premortems = defineRecords<Premortem>({
  table: 'launches.premortems',
  columns: [],
  bigints: [],
})

/** Of the launch record; the controller has its own. */
export const writeLaunchRecords: readonly Writer[] = [launches.write, premortems.write]
