import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import {
  type ArchiveChoice,
  type Layout,
  layOut,
  NO_ARCHIVE,
  tryLock,
  writeArchiveChoice,
} from '../database/index.ts'
import { MARK_FILE } from './folder.ts'
import { SEGMENT_BYTES } from './limits.ts'
import { createShipper, pack, unpack, waitingLog } from './ship.ts'

const root = mkdtempSync(join(tmpdir(), 'evenkeel-ship-'))
after(() => rmSync(root, { recursive: true, force: true }))

const SYSTEM = 7_423n
const FIRST = '000000010000000000000001'
const SECOND = '000000010000000000000002'

/** A segment as PostgreSQL begins it: of this cluster, at this place. */
const segment = (number: number, fill = 0, system = SYSTEM): Buffer => {
  const bytes = Buffer.alloc(SEGMENT_BYTES, fill)
  bytes.fill(0, 0, 40)
  bytes.writeUInt16LE(0xd118, 0)
  bytes.writeUInt16LE(2, 2)
  bytes.writeUInt32LE(1, 4)
  bytes.writeBigUInt64LE(BigInt(number * SEGMENT_BYTES), 8)
  bytes.writeBigUInt64LE(system, 24)
  bytes.writeUInt32LE(SEGMENT_BYTES, 32)
  bytes.writeUInt32LE(8_192, 36)
  return bytes
}

type Place = { readonly layout: Layout; readonly choose: (choice: Partial<ArchiveChoice>) => void }

/** The folder of a cluster that does not run, with an outbox. */
const placeOf = (name: string): Place => {
  const layout = layOut(join(root, name))
  mkdirSync(join(layout.data, 'global'), { recursive: true })
  mkdirSync(layout.outbox)
  const control = Buffer.alloc(296)
  control.writeBigUInt64LE(SYSTEM, 0)
  writeFileSync(join(layout.data, 'global/pg_control'), control)
  return { layout, choose: (choice) => writeArchiveChoice(layout, { ...NO_ARCHIVE, ...choice }) }
}

const folderOf = (name: string, system = SYSTEM): string => {
  const folder = join(root, name)
  mkdirSync(join(folder, 'wal'), { recursive: true })
  const mark = { object: 'evenkeel_backups', format: 1, systemIdentifier: String(system) }
  writeFileSync(join(folder, MARK_FILE), JSON.stringify(mark))
  return folder
}

const put = ({ layout }: Place, name: string, content: Buffer): void =>
  writeFileSync(join(layout.outbox, name), content)

const inFolder = (folder: string): readonly string[] => readdirSync(join(folder, 'wal')).toSorted()

describe('a shipper', () => {
  test('hands the log on whole, and takes it out of the outbox then', async () => {
    const place = placeOf('one')
    const folder = folderOf('one-backups')
    place.choose({ folder })
    put(place, FIRST, segment(1))
    put(place, '00000002.history', Buffer.from('1\t0/1000000\tno recovery target\n'))
    put(place, '000000010000000000000001.00000028.backup', Buffer.from('a note'))
    put(place, 'archtemp.000000010000000000000002.1.2', Buffer.from('half'))
    const shipped = await createShipper().ship(place.layout)
    assert.deepEqual(shipped, { busy: false, shipped: 2, waiting: 0, problems: [] })
    assert.deepEqual(inFolder(folder), [`${FIRST}.zst`, '00000002.history.zst'])
    assert.deepEqual(await unpack(readFileSync(join(folder, 'wal', `${FIRST}.zst`))), segment(1))
    assert.deepEqual(readdirSync(place.layout.outbox), ['archtemp.000000010000000000000002.1.2'])
  })

  test('takes nothing out of the outbox while the folder is out of reach', async () => {
    const place = placeOf('away')
    const folder = folderOf('away-backups')
    place.choose({ folder })
    put(place, FIRST, segment(1))
    // What a mount leaves behind: an empty folder.
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
    const shipper = createShipper()
    const { problems, shipped, waiting } = await shipper.ship(place.layout)
    assert.deepEqual([shipped, waiting], [0, 1])
    assert.match(problems[0]?.problem.message ?? '', /is out of reach/)
    assert.deepEqual(readdirSync(folder), [], 'nothing is written below a mount point')
    folderOf('away-backups')
    assert.equal((await shipper.ship(place.layout)).shipped, 1)
  })

  test('feeds the new folder while the old one is out of reach, and keeps what that one lacks', async () => {
    const place = placeOf('two')
    const next = folderOf('two-next')
    place.choose({ folder: join(root, 'two-gone'), next })
    put(place, FIRST, segment(1))
    put(place, SECOND, segment(2))
    const shipper = createShipper()
    for (let round = 0; round < 2; round += 1) {
      const { waiting } = await shipper.ship(place.layout)
      assert.equal(waiting, 2)
      assert.deepEqual(inFolder(next), [`${FIRST}.zst`, `${SECOND}.zst`])
    }
    place.choose({ folder: next })
    assert.deepEqual(await shipper.ship(place.layout), { busy: false, shipped: 2, waiting: 0, problems: [] })
  })

  test('goes on where it was killed: the same log twice is one', async () => {
    const place = placeOf('again')
    const folder = folderOf('again-backups')
    place.choose({ folder })
    writeFileSync(join(folder, 'wal', `${FIRST}.zst`), await pack(segment(1)))
    writeFileSync(join(folder, 'wal', `${SECOND}.zst.0a0b0c.unfinished`), 'half')
    put(place, FIRST, segment(1))
    assert.equal((await createShipper().ship(place.layout)).shipped, 1)
    assert.deepEqual(inFolder(folder), [`${FIRST}.zst`])
  })

  test('never writes over the log of another copy of the database', async () => {
    const place = placeOf('copy')
    const folder = folderOf('copy-backups')
    place.choose({ folder })
    writeFileSync(join(folder, 'wal', `${FIRST}.zst`), await pack(segment(1, 5)))
    put(place, FIRST, segment(1))
    const { problems, shipped } = await createShipper().ship(place.layout)
    assert.equal(shipped, 0)
    assert.match(problems[0]?.problem.message ?? '', /another copy of this database writes there/)
    assert.deepEqual(await unpack(readFileSync(join(folder, 'wal', `${FIRST}.zst`))), segment(1, 5))
  })

  test('puts whole log in the place of damaged', async () => {
    const place = placeOf('mend')
    const folder = folderOf('mend-backups')
    place.choose({ folder })
    writeFileSync(join(folder, 'wal', `${FIRST}.zst`), 'damaged')
    put(place, FIRST, segment(1))
    assert.equal((await createShipper().ship(place.layout)).shipped, 1)
    assert.deepEqual(await unpack(readFileSync(join(folder, 'wal', `${FIRST}.zst`))), segment(1))
  })

  test('refuses the folder of another database, and log that is not of this one', async () => {
    const place = placeOf('foreign')
    place.choose({ folder: folderOf('foreign-backups', 99n) })
    put(place, FIRST, segment(1))
    const { problems } = await createShipper().ship(place.layout)
    assert.match(problems[0]?.problem.message ?? '', /holds the backups of another database/)
    place.choose({ folder: folderOf('foreign-own') })
    for (const wrong of [segment(1, 0, 99n), segment(2), segment(1).subarray(1)]) {
      put(place, FIRST, wrong)
      await assert.rejects(createShipper().ship(place.layout), /The log .* is damaged/)
    }
    assert.deepEqual(inFolder(join(root, 'foreign-own')), [])
  })

  test('leaves it to another one that is at work', async () => {
    const place = placeOf('busy')
    place.choose({ folder: folderOf('busy-backups') })
    put(place, FIRST, segment(1))
    const lock = tryLock(join(place.layout.folder, 'ship.lock'))
    assert.equal((await createShipper().ship(place.layout)).busy, true)
    lock?.release()
    assert.deepEqual(await waitingLog(place.layout), [FIRST])
    assert.ok(existsSync(join(place.layout.outbox, FIRST)))
  })
})

test('a damaged file of the log does not open', async () => {
  const packed = await pack(segment(1, 7))
  packed.writeUInt8((packed.at(-1) ?? 0) ^ 1, packed.length - 1)
  await assert.rejects(unpack(packed))
})
