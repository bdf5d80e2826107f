import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../../src/database/index.ts'
import { openBooks } from './load/books.ts'
import { type Load, startLoad } from './load/load.ts'
import { createMix } from './load/mix.ts'
import { createRandom } from './load/random.ts'
import { readFacts, readSums } from './oracle/facts.ts'
import { askAgain } from './restore/again.ts'
import { judgeMoment } from './restore/judge-moment.ts'
import { bringKeys, type Life, lifeIn, type Ran } from './restore/life.ts'
import { openTimedJournal, type TimedJournal, type TimedStory } from './restore/timed-journal.ts'
import { makeFolder, tenantOfKey } from './runs/site.ts'
import { testSize } from './size.ts'

const CLIENTS = 8
const ACCOUNTS = { plain: 30, rich: 6, poor: 0 } as const
const HEAL_MOST_MS = 60_000
/** Requests that are acknowledged before the moment, and after it. */
const LEAST = testSize() === 'full' ? 3_000 : 150
/** So many on each side of the moment are asked again. */
const ASKED_MOST = testSize() === 'full' ? 5_000 : 200
const POLL_MS = 20

const folder = makeFolder()
const backups = join(folder, 'backups')
const lives: Life[] = []

const bring = (name: string, apiKey: string | null): Life => {
  const life = lifeIn(folder, name, apiKey)
  lives.push(life)
  return life
}

const done = ({ code, answer, said }: Ran): string => {
  assert.equal(code, 0, `${answer}\n${said}`)
  return answer
}

type Traffic = { readonly load: Load; readonly journal: TimedJournal; readonly prefix: string }

const begin = async (life: Life, prefix: string): Promise<Traffic> => {
  const journal = openTimedJournal(join(folder, `${prefix}journal.jsonl`))
  const books = await openBooks({ journal, prefix }, life.server.place(), ACCOUNTS)
  const random = createRandom(1)
  const mix = createMix({ prefix, books, random })
  const load = startLoad({ journal, mix, random, targets: [life.server], clients: CLIENTS })
  return { load, journal, prefix }
}

/** Waits until that many more are acknowledged: by count, so that a slow machine has the same test. */
const more = async ({ load }: Traffic): Promise<void> => {
  const until = load.acknowledged() + LEAST
  const fromMs = performance.now()
  while (load.acknowledged() < until) {
    if (performance.now() - fromMs > HEAL_MOST_MS) throw new Error('too little is acknowledged')
    await pause(POLL_MS)
  }
  assert.ok(await load.heals(HEAL_MOST_MS), 'nothing is acknowledged any more')
}

const dieUnder = async (life: Life, { load }: Traffic): Promise<void> => {
  await life.die()
  life.server.retire()
  await load.stop()
}

/** A head of the live log that is signed in the time that will be lost. */
const signInVain = async (life: Life): Promise<void> => {
  const lines = (): number =>
    readFileSync(join(life.dataDir, 'audit-anchors', 'audit-anchors.jsonl'), 'utf8').split('\n').length
  const before = lines()
  done(await life.evenkeel('audit', 'rotate-key', '--yes'))
  // The new key is announced by one line, and the head is signed by another.
  const fromMs = performance.now()
  while (lines() < before + 2) {
    if (performance.now() - fromMs > HEAL_MOST_MS) throw new Error('no head was signed')
    await pause(POLL_MS)
  }
}

type Expected = {
  readonly stories: readonly TimedStory[]
  readonly prefix: string
  readonly momentMs: number
}

const expectMoment = async (life: Life, { stories, prefix, momentMs }: Expected) => {
  const tenant = await tenantOfKey(life.readerUrl(), life.server.place().apiKey.slice(-4))
  return withClient(life.readerUrl(), async (client) => {
    const verdict = judgeMoment(stories, await readFacts(client, { tenant, prefix }), momentMs)
    assert.deepEqual(verdict.failures, [])
    const { gaps, drifts, residual } = await readSums(client)
    assert.deepEqual({ gaps, drifts, residual }, { gaps: 0, drifts: 0, residual: '0' })
    return verdict
  })
}

after(async () => {
  for (const life of lives) await life.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a restore under load', () => {
  const first = bring('first', null)
  let second: Life
  let apiKey = ''

  test('to a moment: what was acknowledged before it is there, nothing sent after it, and the traffic goes on', async (t) => {
    apiKey = (await first.server.start()).apiKey ?? ''
    const traffic = await begin(first, 'first-')
    done(await first.evenkeel('backup', backups))
    await more(traffic)
    const momentMs = Date.now()
    await more(traffic)
    await signInVain(first)
    await first.ship(backups)
    await dieUnder(first, traffic)

    second = bring('second', apiKey)
    bringKeys(first, second)
    const moment = new Date(momentMs).toISOString()
    const told = JSON.parse(done(await second.evenkeel('restore', backups, '--to', moment, '--json')))
    assert.equal(told.asked, moment.replace('Z', '000Z'))
    assert.ok(told.moment <= told.asked)
    assert.equal(told.proof.ok, true)

    await second.server.start()
    const stories = await traffic.journal.timed()
    const verdict = await expectMoment(second, { stories, prefix: traffic.prefix, momentMs })
    assert.ok(verdict.before >= LEAST && verdict.after >= LEAST / 2, JSON.stringify(verdict))

    const journal = openTimedJournal(join(folder, 'again-journal.jsonl'))
    const asked = await askAgain(journal, second.server.place(), { stories, momentMs, most: ASKED_MOST })
    assert.deepEqual(asked.problems, [])
    assert.ok(asked.replayed > 0 && asked.anew > 0, JSON.stringify(asked))
    t.diagnostic(`${JSON.stringify({ ...verdict, failures: 0 })}, again: ${JSON.stringify(asked)}`)
  })

  test('is what the audit log tells, and heads that were signed in the lost time are no forgery', async () => {
    const told = done(await second.evenkeel('verify', '--audit'))
    assert.match(told, /The database was restored from the backup/)
    assert.match(told, /heads that were signed in such a time/)
  })

  // A life more takes as long as all before it; the damaged page's test restores with a dead machine's log as well.
  if (testSize() === 'full')
    test('of the restored life, with the log that the dead machine still has: nothing acknowledged is lost', async (t) => {
      const traffic = await begin(second, 'second-')
      done(await second.evenkeel('backup', backups))
      await more(traffic)
      await dieUnder(second, traffic)

      const third = bring('third', apiKey)
      bringKeys(second, third)
      const told = JSON.parse(
        done(await third.evenkeel('restore', backups, '--wal', second.dataDir, '--json')),
      )
      assert.equal(told.proof.ok, true)
      await third.server.start()
      const stories = await traffic.journal.timed()
      const momentMs = Number.POSITIVE_INFINITY
      const verdict = await expectMoment(third, { stories, prefix: traffic.prefix, momentMs })
      assert.ok(verdict.before >= LEAST)
      const journal = openTimedJournal(join(folder, 'third-journal.jsonl'))
      const { problems } = await askAgain(journal, third.server.place(), {
        stories,
        momentMs,
        most: ASKED_MOST,
      })
      assert.deepEqual(problems, [])
      t.diagnostic(JSON.stringify({ ...verdict, failures: 0 }))
    })
})
