import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { withClient } from '../../../src/database/connect/owner.ts'
import { adminUrlOf, dataOf } from '../power-cut/place.ts'

const PAGE = 8_192
/** Within the rows, behind the header of the page and the list of what lies on it. */
const PLACE = 6_000
const FLIPPED = 0b0001_0000

/**
 * The file of a table. What was changed is on the disk once the checkpoint has come back. Where the planner believes a
 * table to be all but empty it may read all of it for one row, and would come upon any page.
 */
export const fileOf = (folder: string, table: string): Promise<string> =>
  withClient(adminUrlOf(folder), async (client) => {
    await client.query(`analyze ${table}`)
    await client.query('checkpoint')
    const { rows } = await client.query<{ path: string }>(
      'select pg_relation_filepath($1::regclass) as path',
      [table],
    )
    return join(dataOf(folder), rows[0]?.path ?? '')
  })

/** Some transfer whose row lies on that page. */
export const transferOn = (folder: string, block: number): Promise<string> =>
  withClient(adminUrlOf(folder), async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'select id::text as id from ledger.transfers where ctid >= $1::tid and ctid < $2::tid limit 1',
      [`(${block},0)`, `(${block + 1},0)`],
    )
    const [row] = rows
    if (row === undefined) throw new Error(`no transfer lies on page ${block}`)
    return row.id
  })

/** One bit, as a tired disk or bad memory turns it. */
export const flipBit = (file: string, block: number): void => {
  const handle = openSync(file, 'r+')
  try {
    const byte = Buffer.alloc(1)
    const place = block * PAGE + PLACE
    readSync(handle, byte, 0, 1, place)
    byte.writeUInt8(byte.readUInt8() ^ FLIPPED)
    writeSync(handle, byte, 0, 1, place)
  } finally {
    closeSync(handle)
  }
}
