export { type EventRequest, type Happened, recordEvent } from './record.ts'
