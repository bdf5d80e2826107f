import { PAGE_BYTES } from '../limits.ts'

/**
 * PostgreSQL's checksum of a page (src/include/storage/checksum_impl.h): 32 sums of FNV-1a side by side over the words of
 * the page, with the field of the checksum itself as zero, mixed twice more, folded, and bound to the number of the block.
 */
const SUMS = 32
const WORDS = PAGE_BYTES / 4
const PRIME = 16_777_619
const CHECKSUM_WORD = 2
const LAST_MIXES = 2

const BASES = Uint32Array.of(
  0x5b1f36e9,
  0xb8525960,
  0x02ab50aa,
  0x1de66d2a,
  0x79ff467a,
  0x9bb9f8a3,
  0x217e7cd2,
  0x83e13d2c,
  0xf8d4474f,
  0xe39eb970,
  0x42c6ae16,
  0x993216fa,
  0x7b093b5d,
  0x98daff3c,
  0xf718902a,
  0x0b1c9cdb,
  0xe58f764b,
  0x187636bc,
  0x5d7b3bb1,
  0xe73de7de,
  0x92bec979,
  0xcca6c0b2,
  0x304a0979,
  0x85aa43d4,
  0x783125bb,
  0x6ca8eaa2,
  0xe407eac6,
  0x4b5cfc3e,
  0x9fbf8c76,
  0x15ca20be,
  0xf2ca9fd3,
  0x959bd756,
)

const mix = (sum: number, value: number): number => {
  const mixed = sum ^ value
  return Math.imul(mixed, PRIME) ^ (mixed >>> 17)
}

/** Little-endian machines only, as all are that PostgreSQL's binaries are built for. */
const wordsOf = (page: Uint8Array): Uint32Array =>
  page.byteOffset % 4 === 0
    ? new Uint32Array(page.buffer, page.byteOffset, WORDS)
    : new Uint32Array(Uint8Array.from(page).buffer, 0, WORDS)

export const pageChecksum = (page: Uint8Array, block: number): number => {
  const words = wordsOf(page)
  const sums = new Int32Array(BASES)
  for (let place = 0; place < WORDS; place += SUMS) {
    for (let lane = 0; lane < SUMS; lane += 1) {
      const at = place + lane
      const word = words[at] ?? 0
      // The checksum is the lower half of its word.
      sums[lane] = mix(sums[lane] ?? 0, at === CHECKSUM_WORD ? word & 0xffff0000 : word)
    }
  }
  let folded = 0
  for (let lane = 0; lane < SUMS; lane += 1) {
    let sum = sums[lane] ?? 0
    for (let round = 0; round < LAST_MIXES; round += 1) sum = mix(sum, 0)
    folded ^= sum
  }
  return (((folded ^ block) >>> 0) % 65_535) + 1
}

/** Of a page's header. */
export const readPage = (page: Uint8Array) => {
  const view = new DataView(page.buffer, page.byteOffset, PAGE_BYTES)
  return {
    lsn: (BigInt(view.getUint32(0, true)) << 32n) | BigInt(view.getUint32(4, true)),
    checksum: view.getUint16(8, true),
    /** A page that was added to a file and never written. */
    isNew: view.getUint16(14, true) === 0,
  }
}

export type PageVerdict = 'good' | 'unchecked' | 'bad'

/**
 * A page that was written since the copy began may be torn, which does no harm: the log holds the whole of it. Of all
 * others the checksum must agree.
 */
export const judgePage = (page: Uint8Array, block: number, startLsn: bigint): PageVerdict => {
  const { lsn, checksum, isNew } = readPage(page)
  if (isNew || lsn >= startLsn) return 'unchecked'
  return pageChecksum(page, block) === checksum ? 'good' : 'bad'
}
