import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fillDisk, pidsOf, switchLog } from './disk-full/run.ts'
import { openSmallDisk, type SmallDisk } from './disk-full/small-disk.ts'
import { expectSound } from './runs/expect.ts'
import { openSite, type Site } from './runs/site.ts'
import { AMOUNTS, testSize } from './size.ts'

const amounts = AMOUNTS[testSize()]
const disk: SmallDisk | null = openSmallDisk()
const none = disk === null && 'nothing can be mounted here, and no process can be limited'
const notMounted = disk?.kind !== 'mounted' && 'nothing can be mounted here'

let site: Site
before(async () => {
  if (disk !== null) site = await openSite(disk.folder)
})
after(async () => {
  if (disk === null) return
  site.server.retire()
  await site.server.end('SIGTERM')
  disk.detach()
  await site.close()
})

test('a full disk is 503 and nothing else, loses nothing, and is over when there is space', {
  skip: none,
}, async (t) => {
  if (disk === null) return
  expectSound(t, await fillDisk(site, disk, amounts.fullDisks, () => undefined), amounts.fullDisks)
})

const POLL_MS = 20
const GONE_MOST_MS = 30_000

test('a full disk at the start is named with what to do, and the start after it goes on', {
  skip: notMounted,
}, async () => {
  if (disk === null) return
  const [, postmaster] = pidsOf(site)
  disk.fill([])
  await switchLog(site.folder)
  const untilMs = performance.now() + GONE_MOST_MS
  while (site.postgres.find()?.pid === postmaster) {
    assert.ok(performance.now() < untilMs, 'PostgreSQL goes on where its log cannot')
    await pause(POLL_MS)
  }
  await site.server.end('SIGTERM')
  await assert.rejects(
    site.server.start(),
    /The disk of the database folder .* is full\n\n {2}Free some space there/,
  )
  disk.free([])
  await site.server.start()
  assert.deepEqual(site.server.unasked, [])
})
