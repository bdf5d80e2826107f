import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PAGE_BYTES, SEGMENT_BYTES } from '../limits.ts'
import { FIRST_HEADER, headFault, newestTimeIn, segmentFault } from './log-segment.ts'

const NAME = '000000010000000000000003'
const ADDRESS = 3n * BigInt(SEGMENT_BYTES)
const SYSTEM = 7_300_000_000_000_000_123n

type Record = {
  readonly manager: number
  readonly info: number
  readonly data: Buffer
  readonly origin?: true
}

const SINCE_2000 = 946_684_800_000_000n

const ended = (info: number, micros: bigint, more = 0): Record => {
  const data = Buffer.alloc(8 + more)
  data.writeBigInt64LE(micros - SINCE_2000)
  return { manager: 1, info, data }
}
const commit = (micros: bigint, more = 0): Record => ended(0x00, micros, more)
const change = (bytes: number): Record => ({ manager: 10, info: 0, data: Buffer.alloc(bytes, 0xff) })

/** Writes records as PostgreSQL does, over the headers of pages; `continued` bytes of a record that began before come first. */
const segment = (records: readonly Record[], continued = 0): Buffer => {
  const bytes = Buffer.alloc(SEGMENT_BYTES)
  let at = 0
  let left = 0
  const put = (content: Buffer): void => {
    left = content.length
    for (let from = 0; from < content.length; ) {
      if (at >= SEGMENT_BYTES) return
      if (at % PAGE_BYTES === 0) {
        bytes.writeUInt16LE(at === 0 ? 2 : 0, at + 2)
        bytes.writeUInt32LE(1, at + 4)
        bytes.writeBigUInt64LE(ADDRESS + BigInt(at), at + 8)
        bytes.writeUInt32LE(from > 0 || at === 0 ? (at === 0 ? continued : left) : 0, at + 16)
        if (at === 0) {
          bytes.writeBigUInt64LE(SYSTEM, 24)
          bytes.writeUInt32LE(SEGMENT_BYTES, 32)
        }
        at += at === 0 ? FIRST_HEADER : 24
      }
      const some = Math.min(content.length - from, PAGE_BYTES - (at % PAGE_BYTES))
      content.copy(bytes, at, from, from + some)
      at += some
      from += some
      left -= some
    }
  }
  put(continued === 0 ? Buffer.alloc(0) : Buffer.alloc(continued, 0xaa))
  if (continued === 0) put(Buffer.alloc(1))
  if (continued === 0) at = FIRST_HEADER
  let previous = 0n
  for (const { manager, info, data, origin } of records) {
    at = Math.ceil(at / 8) * 8
    const before = origin === true ? Buffer.from([0xfd, 1, 0]) : Buffer.alloc(0)
    const long = data.length > 255
    const head = Buffer.alloc(long ? 5 : 2)
    head[0] = long ? 0xfe : 0xff
    if (long) head.writeUInt32LE(data.length, 1)
    else head[1] = data.length
    const header = Buffer.alloc(24)
    header.writeUInt32LE(24 + before.length + head.length + data.length)
    header.writeBigUInt64LE(previous, 8)
    header[16] = info
    header[17] = manager
    previous = ADDRESS + BigInt(at % PAGE_BYTES === 0 ? at + 24 : at)
    put(Buffer.concat([header, before, head, data]))
  }
  return bytes
}

describe('the newest transaction of a segment', () => {
  test('is the one that ended last, whether it was committed or not', () => {
    assert.equal(newestTimeIn(segment([commit(1_000n), change(100), commit(3_000n), change(40)])), 3_000n)
    assert.equal(newestTimeIn(segment([commit(1_000n), ended(0x20, 2_000n)])), 2_000n)
  })

  test('is none where none ended: assignments, checkpoints and changes of rows do not count', () => {
    const others: Record[] = [change(100), ended(0x50, 9_000n), { ...ended(0, 9_000n), manager: 0 }]
    assert.equal(newestTimeIn(segment(others)), null)
    assert.equal(newestTimeIn(segment([])), null)
  })

  test('is found behind records that run over pages, and after one that began in the segment before', () => {
    const long = segment([change(3 * PAGE_BYTES), commit(1_000n), change(9_000), commit(2_000n, 700)], 20_001)
    assert.equal(newestTimeIn(long), 2_000n)
  })

  test('is found behind the mark of where a transaction came from', () => {
    assert.equal(newestTimeIn(segment([{ ...commit(5_000n), origin: true }])), 5_000n)
  })

  test('is not looked for in what stands there from an earlier use of the file', () => {
    const bytes = segment([commit(1_000n), change(2 * PAGE_BYTES), commit(2_000n)])
    // The second page still says that it is of another part of the log.
    bytes.writeBigUInt64LE(ADDRESS - BigInt(SEGMENT_BYTES), PAGE_BYTES + 8)
    assert.equal(newestTimeIn(bytes), 1_000n)
  })

  test('is left out where its record runs on behind the log', () => {
    const room = SEGMENT_BYTES - FIRST_HEADER - (SEGMENT_BYTES / PAGE_BYTES - 1) * 24
    const filling = change(room - 24 - 5 - 32 - 48)
    assert.equal(newestTimeIn(segment([commit(1_000n), filling, commit(2_000n, 4_000)])), 1_000n)
  })
})

describe('a segment', () => {
  test('is what its name says', () => {
    assert.equal(segmentFault(segment([commit(1n)]), NAME, String(SYSTEM)), null)
  })

  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    ['of another part', '000000010000000000000004', String(SYSTEM), /another part/],
    ['of another database', NAME, '1', /another database/],
  ]
  for (const [what, name, system, fault] of cases)
    test(`${what} is refused`, () => {
      assert.match(segmentFault(segment([]), name, system) ?? '', fault)
    })

  test('that is cut off, empty or of a later life is refused', () => {
    assert.match(segmentFault(segment([]).subarray(1), NAME, String(SYSTEM)) ?? '', /bytes/)
    assert.match(segmentFault(Buffer.alloc(SEGMENT_BYTES), NAME, String(SYSTEM)) ?? '', /no part of the log/)
    const later = segment([])
    later.writeUInt32LE(2, 4)
    assert.match(headFault(later, NAME, String(SYSTEM)) ?? '', /later life/)
  })
})
