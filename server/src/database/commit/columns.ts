import type { Uuid } from '../../kit/index.ts'

/**
 * Columns of values as PostgreSQL arrays in binary form: one array for each column of a batch, so that a batch of
 * any size is one statement with a fixed number of parameters, and the server parses no text.
 * Format: src/backend/utils/adt/arrayfuncs.c, array_recv.
 */
const HEADER_BYTES = 20

const OID = { bool: 16, bytea: 17, int8: 20, int4: 23, text: 25, date: 1082, uuid: 2950 } as const

const header = (view: DataView, oid: number, length: number, hasNulls: boolean): void => {
  view.setInt32(0, 1)
  view.setInt32(4, hasNulls ? 1 : 0)
  view.setInt32(8, oid)
  view.setInt32(12, length)
  view.setInt32(16, 1)
}

const emptyArray = (oid: number): Buffer => {
  const buffer = Buffer.alloc(12)
  buffer.writeInt32BE(oid, 8)
  return buffer
}

/** An array whose elements all take `width` bytes, nulls apart. */
const fixed = <T>(
  oid: number,
  width: number,
  values: readonly (T | null)[],
  write: (view: DataView, at: number, value: T) => void,
): Buffer => {
  if (values.length === 0) return emptyArray(oid)
  const bytes = new ArrayBuffer(HEADER_BYTES + values.length * (4 + width))
  const view = new DataView(bytes)
  let at = HEADER_BYTES
  let hasNulls = false
  for (const value of values) {
    if (value === null) {
      hasNulls = true
      view.setInt32(at, -1)
      at += 4
    } else {
      view.setInt32(at, width)
      write(view, at + 4, value)
      at += 4 + width
    }
  }
  header(view, oid, values.length, hasNulls)
  return Buffer.from(bytes, 0, at)
}

const writeBigint = (view: DataView, at: number, value: bigint): void => view.setBigInt64(at, value)
const writeInteger = (view: DataView, at: number, value: number): void => view.setInt32(at, value)
const writeBoolean = (view: DataView, at: number, value: boolean): void => view.setInt8(at, value ? 1 : 0)

/** PostgreSQL counts its days from 2000-01-01. */
const DAYS_TO_2000 = 10_957
const writeDay = (view: DataView, at: number, day: number): void => view.setInt32(at, day - DAYS_TO_2000)

const NIBBLE = new Uint8Array(128)
for (let digit = 0; digit < 16; digit++) NIBBLE[digit.toString(16).charCodeAt(0)] = digit

const byteAt = (id: string, position: number): number =>
  ((NIBBLE[id.charCodeAt(position)] ?? 0) << 4) | (NIBBLE[id.charCodeAt(position + 1)] ?? 0)

const wordAt = (id: string, position: number): number =>
  (byteAt(id, position) << 8) | byteAt(id, position + 2)

/** Sixteen bytes as four words: two digits a byte, dashes after digits 8, 12, 16 and 20. */
const writeUuid = (view: DataView, at: number, id: string): void => {
  view.setInt32(at, (wordAt(id, 0) << 16) | wordAt(id, 4))
  view.setInt32(at + 4, (wordAt(id, 9) << 16) | wordAt(id, 14))
  view.setInt32(at + 8, (wordAt(id, 19) << 16) | wordAt(id, 24))
  view.setInt32(at + 12, (wordAt(id, 28) << 16) | wordAt(id, 32))
}

const variable = (oid: number, values: readonly (Buffer | null)[]): Buffer => {
  if (values.length === 0) return emptyArray(oid)
  const size = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), HEADER_BYTES)
  const buffer = Buffer.allocUnsafe(size)
  let at = HEADER_BYTES
  let hasNulls = false
  for (const value of values) {
    if (value === null) {
      hasNulls = true
      at = buffer.writeInt32BE(-1, at)
    } else {
      at = buffer.writeInt32BE(value.length, at)
      at += value.copy(buffer, at)
    }
  }
  header(new DataView(buffer.buffer, buffer.byteOffset, buffer.length), oid, values.length, hasNulls)
  return buffer
}

/** One function for each type of column; null stands for SQL's null. */
export const columns = {
  uuid: (values: readonly (Uuid | null)[]): Buffer => fixed(OID.uuid, 16, values, writeUuid),
  bigint: (values: readonly (bigint | null)[]): Buffer => fixed(OID.int8, 8, values, writeBigint),
  integer: (values: readonly (number | null)[]): Buffer => fixed(OID.int4, 4, values, writeInteger),
  boolean: (values: readonly (boolean | null)[]): Buffer => fixed(OID.bool, 1, values, writeBoolean),
  day: (values: readonly (number | null)[]): Buffer => fixed(OID.date, 4, values, writeDay),
  bytes: (values: readonly (Buffer | null)[]): Buffer => variable(OID.bytea, values),
  text: (values: readonly (string | null)[]): Buffer =>
    values.every((value) => value === null)
      ? fixed<string>(OID.text, 0, values, () => undefined)
      : variable(
          OID.text,
          values.map((value) => (value === null ? null : Buffer.from(value))),
        ),
}
