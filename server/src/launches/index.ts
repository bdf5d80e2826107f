export { writeLaunchRecords } from './store.ts'
export { LAUNCH_TABLES } from './table-rules.ts'
