import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ArchiveChoice,
  type Layout,
  layOut,
  NO_ARCHIVE,
  readArchiveChoice,
  tryLock,
  writeArchiveChoice,
} from '../database/index.ts'
import { OUTBOX_LEAST_FREE_BYTES, OUTBOX_SPARED_SEGMENTS } from './limits.ts'
import { startShipping } from './shipping.ts'

const root = mkdtempSync(join(tmpdir(), 'evenkeel-shipping-'))
after(() => rmSync(root, { recursive: true, force: true }))

const NOW_MS = Date.parse('2026-11-23T01:45:00Z')
const AWAY = join(root, 'away')

type World = {
  readonly layout: Layout
  readonly told: string[]
  readonly choice: () => ArchiveChoice
  /** Runs until it is so. */
  readonly until: (isSo: () => boolean, freeBytes?: number) => Promise<void>
}

/** A cluster whose PostgreSQL does at once what it is told. */
const worldOf = (name: string, chosen: Partial<ArchiveChoice>, segments = 0): World => {
  const layout = layOut(join(root, name))
  mkdirSync(join(layout.data, 'global'), { recursive: true })
  writeFileSync(join(layout.data, 'global/pg_control'), Buffer.alloc(296, 1))
  if (segments > 0) mkdirSync(layout.outbox)
  for (let number = 1; number <= segments; number += 1)
    writeFileSync(
      join(layout.outbox, `0000000100000000000000${number.toString(16).padStart(2, '0')}`.toUpperCase()),
      '',
    )
  writeArchiveChoice(layout, { ...NO_ARCHIVE, ...chosen })
  const told: string[] = []
  const setArchiving = async (on: boolean): Promise<void> => {
    told.push(`archiving ${on ? 'on' : 'off'}`)
    if (on) mkdirSync(layout.outbox, { recursive: true })
    else rmSync(layout.outbox, { recursive: true, force: true })
  }
  const log = {
    info: (words: string) => void told.push(words),
    warn: (words: string) => void told.push(words),
  }
  return {
    layout,
    told,
    choice: () => readArchiveChoice(layout),
    until: async (isSo, freeBytes = 10 * OUTBOX_LEAST_FREE_BYTES) => {
      const shipping = startShipping({
        cluster: { layout, setArchiving },
        clock: { now: () => NOW_MS },
        log,
        freeBytes: () => freeBytes,
      })
      while (!isSo()) await sleep(5)
      await shipping.stop()
    },
  }
}

describe('a server that ships its log', () => {
  test('waits with it while the folder is out of reach, and says so once', async () => {
    const world = worldOf('waits', { folder: AWAY }, OUTBOX_SPARED_SEGMENTS + 1)
    await world.until(() => world.told.length > 0)
    assert.equal(world.told.length, 1)
    assert.match(
      world.told[0] ?? '',
      /does not reach the folder of backups: The folder of backups .* is out of reach/,
    )
    assert.equal(readdirSync(world.layout.outbox).length, OUTBOX_SPARED_SEGMENTS + 1)
    assert.equal(world.choice().brokenAt, null)
  })

  test('lets it go before the database’s own disk is full, and notes since when', async () => {
    const world = worldOf('full', { folder: AWAY }, OUTBOX_SPARED_SEGMENTS + 1)
    await world.until(
      () => world.choice().brokenAt !== null && !existsSync(world.layout.outbox),
      OUTBOX_LEAST_FREE_BYTES - 1,
    )
    assert.deepEqual(world.choice(), { ...NO_ARCHIVE, folder: AWAY, brokenAt: '2026-11-23T01:45:00.000Z' })
    assert.ok(world.told.includes('archiving off'))
    assert.ok(world.told.some((words) => /were let go/.test(words)))
  })

  test('spares a few segments on a disk that is small anyway', async () => {
    const world = worldOf('small', { folder: AWAY }, OUTBOX_SPARED_SEGMENTS)
    await world.until(() => world.told.length > 0, 0)
    assert.equal(world.choice().brokenAt, null)
  })

  test('takes back what a killed command had begun', async () => {
    const first = worldOf('first', { next: AWAY }, 1)
    await first.until(() => first.told.includes('archiving off'))
    assert.deepEqual(first.choice(), NO_ARCHIVE)
    const second = worldOf('second', { folder: root, next: AWAY }, 1)
    await second.until(() => second.choice().next === null)
    assert.equal(second.choice().folder, root)
    assert.ok(existsSync(second.layout.outbox))
  })

  test('turns the log on where a command was killed before it did', async () => {
    const world = worldOf('on', { folder: AWAY })
    await world.until(() => world.told.includes('archiving on'))
    assert.ok(existsSync(world.layout.outbox))
  })

  test('touches nothing while a command is at work', async () => {
    const world = worldOf('busy', { next: AWAY }, 1)
    const lock = tryLock(join(world.layout.folder, 'backup.lock'))
    // What it says shows that it has looked.
    await world.until(() => world.told.length > 0)
    assert.equal(world.choice().next, AWAY)
    assert.equal(world.told.includes('archiving off'), false)
    lock?.release()
  })
})
