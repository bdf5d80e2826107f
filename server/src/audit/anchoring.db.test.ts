import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import { type Commit, createRead, startTimerWorker } from '../database/index.ts'
import { SetupProblem, type TenantId } from '../kit/index.ts'
import { type AnchorPlace, openAnchors, rotateAnchorKey } from './anchors/anchors.ts'
import { anchorFileOf, appendLine, readLines } from './anchors/file.ts'
import { isSignedBy } from './anchors/key.ts'
import { isKeyLine, signedText } from './core/anchor.ts'
import { anchorTimers, declareAudit, PLATFORM, type Receipt, recordAct, writeAudit } from './index.ts'
import { ANCHOR_NOW } from './record.ts'

let world: PotsDatabase
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-anchors-'))
const clock = { now: Date.now }
let places = 0

const newPlace = (): AnchorPlace => {
  places += 1
  return { folder: join(folder, String(places), 'anchors'), keyFile: join(folder, `key-${places}`) }
}

before(async () => {
  world = await openPotsDatabase()
})
after(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const record = async (commit: Commit, tenant: TenantId, anchor: boolean): Promise<Receipt> => {
  const outcome = await commit.submit({
    tenant,
    name: 'test.act',
    items: 1,
    bytes: 0,
    deadlineMs: Date.now() + 10_000,
    claim: null,
    reads: [declareAudit],
    decide: (draft) => {
      const act = { actor: PLATFORM('test'), action: 'launch.signed', subject: 'launch_1', reason: null }
      const answer = recordAct(draft, { ...act, before: null, after: null }, { anchor })
      return { kind: 'answer', answer, reply: null }
    },
  })
  assert.ok(outcome.kind === 'decided')
  return outcome.answer
}

const anchorsIn = (place: AnchorPlace) =>
  (readLines(place.folder)?.lines ?? []).filter((line) => !isKeyLine(line))

const until = async (isTrue: () => boolean | Promise<boolean>, withinMs: number): Promise<void> => {
  const endMs = Date.now() + withinMs
  while (!(await isTrue())) {
    assert.ok(Date.now() < endMs, `not within ${withinMs} ms`)
    await pause(20)
  }
}

const working = (place: AnchorPlace) => {
  const commit = world.commit({ writers: writeAudit })
  const errors: string[] = []
  const worker = startTimerWorker({
    connections: world.connections,
    handlers: anchorTimers({
      commit,
      read: createRead(world.connections),
      clock,
      anchors: openAnchors(place, clock),
      log: { error: (_fields, message) => errors.push(message) },
    }),
    onError: (error) => errors.push(String(error)),
  })
  return {
    commit,
    errors,
    stop: async () => {
      await worker.stop()
      await commit.drain()
    },
  }
}

const timersOf = async (tenant: TenantId): Promise<unknown[][]> =>
  world.ask(tenant, 'select subject::text from database.timers order by 1')

describe('anchors', () => {
  test('of an act that cannot wait are on disk within a second, signed, and the timer is gone', async () => {
    const place = newPlace()
    const tenant = await world.addTenant()
    const { commit, errors, stop } = working(place)
    try {
      await record(commit, tenant, false)
      assert.equal((await timersOf(tenant)).length, 1)
      const receipt = await record(commit, tenant, true)
      await until(() => anchorsIn(place).length > 0, 1_000)
      await until(async () => (await timersOf(tenant)).length === 0, 1_000)
      assert.deepEqual(errors, [])
      const [key, anchor] = readLines(place.folder)?.lines ?? []
      assert.ok(key !== undefined && isKeyLine(key) && anchor !== undefined && !isKeyLine(anchor))
      assert.deepEqual([anchor.tenant, anchor.position, anchor.hash], [tenant, 2, receipt.hash])
      assert.ok(isSignedBy(key.public_key, signedText(anchor), anchor.signature))
      assert.ok(!isSignedBy(key.public_key, signedText({ ...anchor, position: 1 }), anchor.signature))
    } finally {
      await stop()
    }
  })

  test('that are recorded while another is signed are signed after it', async () => {
    const place = newPlace()
    const tenant = await world.addTenant()
    const commit = world.commit({ writers: writeAudit })
    const written: number[] = []
    const handlers = anchorTimers({
      commit,
      read: createRead(world.connections),
      clock,
      anchors: { write: (_tenant, { position }) => written.push(position) },
      log: { error: () => undefined },
    })
    await record(commit, tenant, true)
    // Between the reading of the head and the taking back of its timer.
    const late = {
      ...handlers,
      'audit.anchor': anchorTimers({
        commit: {
          ...commit,
          submit: async (unit) => {
            await record(commit, tenant, true)
            return commit.submit(unit)
          },
        },
        read: createRead(world.connections),
        clock,
        anchors: openAnchors(place, clock),
        log: { error: () => undefined },
      })['audit.anchor'],
    }
    await late['audit.anchor']?.(tenant, [ANCHOR_NOW])
    assert.equal(anchorsIn(place).length, 1)
    assert.equal((await timersOf(tenant)).length, 1, 'what was recorded meanwhile is still to be signed')
    await handlers['audit.anchor']?.(tenant, [ANCHOR_NOW])
    assert.deepEqual(written, [2])
    assert.equal((await timersOf(tenant)).length, 0)
    await commit.drain()
  })

  test('of any other act are due at the end of the hour', async () => {
    const tenant = await world.addTenant()
    const commit = world.commit({ writers: writeAudit })
    await record(commit, tenant, false)
    const [[due] = []] = await world.ask(tenant, 'select due_micros from database.timers')
    const waits = Number((due as bigint) / 1_000n) - Date.now()
    assert.ok(waits > -1_000 && waits <= 3_600_000, String(waits))
    assert.equal((due as bigint) % 3_600_000_000n, 0n)
    await commit.drain()
  })

  test('that cannot be written are complained of and tried again, and nothing else waits for them', async () => {
    const place = newPlace()
    const tenant = await world.addTenant()
    const { commit, errors, stop } = working(place)
    try {
      rmSync(place.keyFile)
      await record(commit, tenant, true)
      await until(() => errors.length > 0, 2_000)
      assert.match(errors[0] ?? '', /COULD NOT BE ANCHORED/)
      const [[due] = []] = await world.ask(tenant, 'select due_micros from database.timers')
      assert.ok(Number((due as bigint) / 1_000n) > Date.now(), 'it is tried again later')
      await record(commit, tenant, false)
    } finally {
      await stop()
    }
  })
})

describe('the key of anchors', () => {
  test('is made once, for its owner alone, by however many begin at once', () => {
    const place = newPlace()
    openAnchors(place, clock)
    openAnchors(place, clock)
    assert.equal(statSync(place.keyFile).mode & 0o777, 0o600)
    assert.equal((readLines(place.folder)?.lines ?? []).length, 1)
  })

  test('that is lost or another is refused by name, until it is rotated, and both are vouched for', () => {
    const place = newPlace()
    const other = newPlace()
    openAnchors(place, clock)
    openAnchors(other, clock)
    const standing = readFileSync(place.keyFile)
    rmSync(place.keyFile)
    assert.throws(
      () => openAnchors(place, clock),
      (error) => error instanceof SetupProblem && error.message.includes(place.keyFile),
    )
    writeFileSync(place.keyFile, readFileSync(other.keyFile))
    assert.throws(() => openAnchors(place, clock), SetupProblem)
    writeFileSync(place.keyFile, 'no key')
    assert.throws(() => openAnchors(place, clock), SetupProblem)
    writeFileSync(place.keyFile, standing)
    const { before, after: next } = rotateAnchorKey(place, clock)
    openAnchors(place, clock)
    const [first, second] = readLines(place.folder)?.lines ?? []
    assert.ok(first !== undefined && isKeyLine(first) && second !== undefined && isKeyLine(second))
    assert.deepEqual([first.key, second.key, second.previous], [before, next, first.public_key])
    assert.ok(isSignedBy(first.public_key, signedText(second), second.previous_signature ?? ''))
    assert.ok(isSignedBy(second.public_key, signedText(second), second.signature))
  })
})

test('a line that was torn costs that line, and none after it', () => {
  const place = newPlace()
  openAnchors(place, clock)
  const [key] = readLines(place.folder)?.lines ?? []
  assert.ok(key !== undefined)
  appendFileSync(anchorFileOf(place.folder), '{"tenant":1,"posi')
  appendLine(place.folder, key)
  const read = readLines(place.folder)
  assert.deepEqual(read?.unreadable, [2])
  assert.equal(read?.lines.length, 2)
})
