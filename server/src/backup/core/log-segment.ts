import type { Micros } from '../../kit/index.ts'
import { PAGE_BYTES, SEGMENT_BYTES } from '../limits.ts'
import { parseSegment } from './log-names.ts'

/*
 * The log as PostgreSQL 15 to 18 write it: segments of 16 MB, of pages of 8 KiB. Each page begins with a header of 24 bytes,
 * the first of a segment with one of 40; records stand one after the other at multiples of 8 bytes and run over pages.
 *
 *   page:    magic 2 · info 2 · timeline 4 · address 8 · bytes of a record that began before 4 · (4 unused)
 *   first:   · system 8 · segment size 4 · page size 4
 *   record:  length 4 · transaction 4 · previous 8 · info 1 · manager 1 · (2 unused) · checksum 4 · data
 */
const PAGE_HEADER = 24
export const FIRST_HEADER = 40
const IS_FIRST = 2
const AT_TIMELINE = 4
const AT_ADDRESS = 8
const AT_CONTINUED = 16
const AT_SYSTEM = 24
const AT_SEGMENT_BYTES = 32

const ALIGNMENT = 8
const RECORD_HEADER = 24
const AT_PREVIOUS = 8
const AT_INFO = 16
const AT_MANAGER = 17

const TRANSACTIONS = 1
/** Commit, abort, and both of prepared transactions: PostgreSQL stops at the times of these. */
const TIMED = new Set([0x00, 0x20, 0x30, 0x40])
const KIND = 0x70

const MAIN_SHORT = 0xff
const MAIN_LONG = 0xfe
const ORIGIN = 0xfd
const TOP_LEVEL = 0xfc

/** PostgreSQL counts from 2000, we from 1970. */
const SINCE_1970_MICROS = 946_684_800_000_000n

/** What is wrong with the beginning of a segment that is said to be of this name and of this cluster; null for nothing. */
export const headFault = (head: Buffer, name: string, systemIdentifier: string): string | null => {
  if ((head.readUInt16LE(2) & IS_FIRST) === 0) return 'it is no part of the log'
  if (head.readUInt32LE(AT_SEGMENT_BYTES) !== SEGMENT_BYTES) return 'it is of a log with other segments'
  if (String(head.readBigUInt64LE(AT_SYSTEM)) !== systemIdentifier) return 'it is of another database'
  const segment = parseSegment(name)
  const address = (segment?.number ?? 0n) * BigInt(SEGMENT_BYTES)
  if (head.readBigUInt64LE(AT_ADDRESS) !== address) return 'it is another part of the log'
  // The first segment of a life may still begin with pages of the one before.
  return head.readUInt32LE(AT_TIMELINE) > (segment?.timeline ?? 0) ? 'it is of a later life' : null
}

export const segmentFault = (bytes: Buffer, name: string, systemIdentifier: string): string | null =>
  bytes.length === SEGMENT_BYTES ? headFault(bytes, name, systemIdentifier) : `it has ${bytes.length} bytes`

/** Reads the bytes of one segment or several in a row, without the headers of their pages. */
class Reader {
  readonly #bytes: Buffer
  readonly #first: bigint
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#first = bytes.readBigUInt64LE(AT_ADDRESS)
  }

  /** Where the next record begins, as PostgreSQL counts. */
  position(): bigint {
    return this.#first + BigInt(this.#at)
  }

  /** To the first record that begins in the segment; false where none does. */
  begin(): boolean {
    const continued = this.#bytes.readUInt32LE(AT_CONTINUED)
    return (continued === 0 || this.take(continued) !== null) && this.align()
  }

  /** To the next multiple of 8, past the header of a page; false at the end of the log. */
  align(): boolean {
    this.#at = Math.ceil(this.#at / ALIGNMENT) * ALIGNMENT
    return this.#enterPage()
  }

  take(count: number): Buffer | null {
    const parts: Buffer[] = []
    for (let left = count; left > 0; ) {
      if (!this.#enterPage()) return null
      const some = Math.min(left, PAGE_BYTES - (this.#at % PAGE_BYTES))
      parts.push(this.#bytes.subarray(this.#at, this.#at + some))
      this.#at += some
      left -= some
    }
    const [only] = parts
    return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts)
  }

  #enterPage(): boolean {
    if (this.#at >= this.#bytes.length) return false
    if (this.#at % PAGE_BYTES !== 0) return true
    // A page that was never written since the segment was recycled still says where it stood before.
    if (this.#bytes.readBigUInt64LE(this.#at + AT_ADDRESS) !== this.#first + BigInt(this.#at)) return false
    this.#at += this.#at % SEGMENT_BYTES === 0 ? FIRST_HEADER : PAGE_HEADER
    return true
  }
}

/** The data of a record that refers to no page, as those of transactions are. */
const mainDataOf = (rest: Buffer): Buffer | null => {
  for (let at = 0; at < rest.length; ) {
    const id = rest[at]
    if (id === MAIN_SHORT) return rest.subarray(at + 2)
    if (id === MAIN_LONG) return rest.subarray(at + 5)
    if (id === ORIGIN) at += 3
    else if (id === TOP_LEVEL) at += 5
    else return null
  }
  return null
}

/** When the transaction ended of whose end the record tells; null for any other record. */
const timeOf = (header: Buffer, rest: Buffer): Micros | null => {
  if (header[AT_MANAGER] !== TRANSACTIONS || !TIMED.has((header[AT_INFO] ?? 0) & KIND)) return null
  const main = mainDataOf(rest)
  return main === null || main.length < ALIGNMENT ? null : main.readBigInt64LE(0) + SINCE_1970_MICROS
}

/**
 * The time of the last transaction that ended in a segment, or in several in a row; null where none did. A record that runs
 * on behind them is left out, as PostgreSQL leaves it out where the log ends there.
 */
export const newestTimeIn = (bytes: Buffer): Micros | null => {
  const reader = new Reader(bytes)
  let newest: Micros | null = null
  let before: bigint | null = null
  for (let more = reader.begin(); more; more = reader.align()) {
    const position = reader.position()
    const header = reader.take(RECORD_HEADER)
    if (header === null) break
    const length = header.readUInt32LE(0)
    // After the last record stand zeros; what was left from an earlier use does not follow the record before it.
    if (length < RECORD_HEADER) break
    if (before !== null && header.readBigUInt64LE(AT_PREVIOUS) !== before) break
    before = position
    const rest = reader.take(length - RECORD_HEADER)
    if (rest === null) break
    const time = timeOf(header, rest)
    if (time !== null && (newest === null || time > newest)) newest = time
  }
  return newest
}
