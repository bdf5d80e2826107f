import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PAGE_BYTES } from '../limits.ts'
import { judgePage, pageChecksum, readPage } from './page-checksum.ts'

const pageOf = (seed: number): Buffer =>
  Buffer.from(Array.from({ length: PAGE_BYTES }, (_, at) => (at * seed + 3 + (at >> 8)) & 255))

/** A page with a header, and its own checksum for the block. */
const written = (block: number, lsn: bigint): Buffer => {
  const page = pageOf(7)
  page.writeUInt32LE(Number(lsn >> 32n), 0)
  page.writeUInt32LE(Number(lsn & 0xffff_ffffn), 4)
  page.writeUInt16LE(pageChecksum(page, block), 8)
  return page
}

describe('the checksum of a page', () => {
  test('is the one of PostgreSQL', () => {
    // As pageinspect's page_checksum() of PostgreSQL 18 says.
    const cases = [
      [7, 0, 34_744],
      [7, 5, 34_739],
      [131, 131_072, 35_604],
      [251, 4_294_967_294, 60_714],
    ] as const
    for (const [seed, block, wanted] of cases) assert.equal(pageChecksum(pageOf(seed), block), wanted)
  })

  test('leaves out its own field, and wherever the page stands in memory', () => {
    const page = written(9, 5n)
    const wanted = pageChecksum(page, 9)
    page.writeUInt16LE(0, 8)
    assert.equal(pageChecksum(page, 9), wanted)
    const shifted = Buffer.concat([Buffer.from([1]), page]).subarray(1)
    assert.equal(pageChecksum(shifted, 9), wanted)
  })

  test('of a page with one changed bit is another', () => {
    const page = written(9, 5n)
    assert.equal(judgePage(page, 9, 100n), 'good')
    assert.equal(judgePage(page, 10, 100n), 'bad', 'a page of another place')
    for (const at of [11, 700, PAGE_BYTES - 1]) {
      const damaged = Buffer.from(page)
      damaged.writeUInt8((damaged[at] ?? 0) ^ 4, at)
      assert.equal(judgePage(damaged, 9, 100n), 'bad', String(at))
    }
  })

  test('is not asked of a page that was written since the copy began, nor of one that was never written', () => {
    const torn = written(9, 100n)
    torn.fill(1, 4_096)
    assert.equal(judgePage(torn, 9, 100n), 'unchecked')
    assert.equal(judgePage(torn, 9, 101n), 'bad')
    assert.equal(judgePage(Buffer.alloc(PAGE_BYTES), 9, 100n), 'unchecked')
  })

  test('stands beside the place in the log', () => {
    assert.deepEqual(readPage(written(9, 0x1_0000_0002n)).lsn, 0x1_0000_0002n)
  })
})
