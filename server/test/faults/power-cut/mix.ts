import type { Random } from '../load/random.ts'
import type { Files, Snapshot } from './files.ts'

const PAGE = 8_192
/** What a disk writes whole, whatever the power does. */
const SECTOR = 512

const CONTROL = 'global/pg_control'
/** Files that are written page by page: tables and indexes, and what became of transactions. */
const IN_PAGES = /^((base\/\d+|global)\/\d+(_\w+)?(\.\d+)?|pg_(xact|multixact)\/.+)$/

/** Nothing of it arrived, all of it, or some of its sectors. */
const chooseBytes = (random: Random, before: Buffer, after: Buffer): Buffer => {
  const draw = random.below(10)
  if (draw < 4) return before
  if (draw < 8) return after
  const mixed = Buffer.alloc(Math.max(before.length, after.length))
  for (let from = 0; from < mixed.length; from += SECTOR) {
    const source = random.chance(0.5) ? before : after
    source.copy(mixed, from, from, from + SECTOR)
  }
  return mixed
}

/** A file grows when it is written to, and how far that reached the disk is chance as well. */
const chooseLength = (random: Random, before: number, after: number): number => {
  if (after <= before || random.chance(0.5)) return after
  return before + PAGE * random.below((after - before) / PAGE + 1)
}

const pageOf = (bytes: Buffer, from: number): Buffer => {
  const page = bytes.subarray(from, from + PAGE)
  return page.length === PAGE ? page : Buffer.concat([page, Buffer.alloc(PAGE - page.length)])
}

export type Mixed = { readonly files: Files; readonly pages: number; readonly torn: number }

const mixPages = (
  random: Random,
  before: Buffer,
  after: Buffer,
  count: (isTorn: boolean) => void,
): Buffer => {
  const bytes = Buffer.alloc(chooseLength(random, before.length, after.length))
  for (let from = 0; from < bytes.length; from += PAGE) {
    const [old, young] = [pageOf(before, from), pageOf(after, from)]
    if (old.equals(young)) {
      old.copy(bytes, from)
      continue
    }
    const chosen = chooseBytes(random, old, young)
    count(chosen !== old && chosen !== young)
    chosen.copy(bytes, from)
  }
  return bytes
}

const NOTHING = Buffer.alloc(0)

/**
 * What may lie on the disk after a power cut: of each page that was written since the checkpoint the old one, the new
 * one, or some sectors of each. What says which checkpoint was the last is of that checkpoint.
 */
export const mixDisk = (random: Random, before: Snapshot, after: Snapshot): Mixed => {
  const files = new Map<string, Buffer>()
  let pages = 0
  let torn = 0
  const count = (isTorn: boolean): void => {
    pages += 1
    if (isTorn) torn += 1
  }
  for (const name of new Set([...before.files.keys(), ...after.files.keys()])) {
    const [old, young] = [before.files.get(name), after.files.get(name)]
    if (name === CONTROL || !IN_PAGES.test(name)) {
      const kept = old ?? (random.chance(0.5) ? young : undefined)
      if (kept !== undefined) files.set(name, kept)
      continue
    }
    // A file that was made or removed since: its name may have reached the disk or not.
    if ((old === undefined || young === undefined) && random.chance(0.5)) {
      if (old !== undefined) files.set(name, old)
      continue
    }
    files.set(name, mixPages(random, old ?? NOTHING, young ?? old ?? NOTHING, count))
  }
  return { files, pages, torn }
}

export const SEGMENT_BYTES = 16 * 1_048_576
const SEGMENTS_IN_NAME = 256n

/** The number of the segment, counted from the beginning of the log. */
const numberOf = (name: string): bigint =>
  BigInt(`0x${name.slice(8, 16)}`) * SEGMENTS_IN_NAME + BigInt(`0x${name.slice(16, 24)}`)

/** `3/A1B2C3D4` as a number of bytes. */
export const bytesOf = (place: string): bigint => {
  const [high = '', low = ''] = place.split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}

/**
 * The log up to the place to which it was flushed. What was written behind it was not synced: none of it is left, or
 * some of its sectors are, where the disk got to them.
 */
export const cutLog = (random: Random, log: Files, flushed: bigint, tail: 'none' | 'some'): Files => {
  const cut = new Map<string, Buffer>()
  const size = BigInt(SEGMENT_BYTES)
  for (const [name, bytes] of log) {
    const begins = numberOf(name) * size
    if (begins >= flushed) continue
    const kept = begins + size <= flushed ? SEGMENT_BYTES : Number(flushed - begins)
    const left = Buffer.from(bytes)
    for (let from = kept; from < left.length; from = (Math.floor(from / SECTOR) + 1) * SECTOR) {
      const isLeft = tail === 'some' && random.chance(0.5)
      if (!isLeft) left.fill(0, from, (Math.floor(from / SECTOR) + 1) * SECTOR)
    }
    cut.set(name, left)
  }
  return cut
}
