import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { Client } from 'pg'
import { withClient, withOwner } from '../../src/database/index.ts'
import { type Migration, NEWEST_MIGRATION, readMigrations } from '../../src/database/migrate/files.ts'
import { migrate } from '../../src/database/migrate/migrate.ts'
import type { Load } from '../faults/load/load.ts'
import type { Supervisor } from '../faults/processes/supervisor.ts'
import type { Tally } from '../faults/runs/run.ts'
import { testSize } from '../faults/size.ts'
import { type Busy, whileBusy, whilePaying } from './busy.ts'
import { aboutLastRelease } from './last-release.ts'
import { openStand, type Stand } from './stand.ts'

const HEALS_WITHIN_MS = 30_000
/** So many answers of a server show that it takes part. */
const SOME = 25
const TIMES = { ci: 1, full: 20 }[testSize()]

let stand: Stand
before(async () => {
  stand = await openStand()
})
after(() => stand?.close())

const asAdmin = async (statement: string): Promise<readonly Record<string, unknown>[]> =>
  (await withClient(stand.adminUrl, (client) => client.query(statement))).rows

const newestThere = async (): Promise<unknown> =>
  (await asAdmin('select max(number) as newest from database.migrations'))[0]?.['newest']

/** Money moves, and some of it through each of these servers. */
const expectWork = async (load: Load, ...names: readonly string[]): Promise<void> => {
  for (const name of names) {
    const wanted = stand.balancer.answeredBy(name) + SOME
    while (stand.balancer.answeredBy(name) < wanted)
      assert.ok(await load.heals(HEALS_WITHIN_MS), `nothing is acknowledged, or nothing by ${name}`)
  }
}

const expectSound = ({ name, problems, acknowledged, unclassified }: Tally): void => {
  assert.deepEqual(problems, [], name)
  assert.equal(unclassified, 0)
  assert.ok(acknowledged > SOME, `${name}: only ${acknowledged} were acknowledged`)
}

/** Every request had its answer at once: nobody had to ask again. */
const expectNobodyFailed = (busy: Busy): void => {
  expectSound(busy.tally)
  assert.deepEqual(busy.withoutOutcome, [])
}

const told = ({ tally, withoutOutcome }: Busy): string =>
  `${tally.requests} requests, ${tally.acknowledged} transfers acknowledged, ${withoutOutcome.length} answers without outcome, longest ${Math.round(stand.balancer.longestMs())} ms`

const servers = {} as Record<'first' | 'second' | 'third', Supervisor>

test('two releases serve at once: the new one migrates beside the old one, which goes, and comes back', async (t) => {
  const { release } = stand
  servers.first = stand.fresh()
  let busy: Busy | null = null
  assert.equal(await newestThere(), aboutLastRelease().newest_migration)
  const payments = await whilePaying(stand, 'upgrade-payments', async () => {
    busy = await whileBusy(stand, 'upgrade', async (load) => {
      await expectWork(load, 'release')
      await stand.join('first', servers.first)
      assert.equal(await newestThere(), NEWEST_MIGRATION)
      await expectWork(load, 'release', 'first')
      for (let time = 1; time <= TIMES; time++) {
        await release.end('SIGTERM')
        await expectWork(load, 'first')
        // The schema stays as the new release has made it.
        await stand.join('release', release)
        await expectWork(load, 'release', 'first')
      }
    })
  })
  assert.ok(busy !== null)
  const { tally } = busy
  t.diagnostic(`${told(busy)}; ${payments.requests} orders of payments; ${payments.notes.join('; ')}`)
  expectSound(tally)
  expectSound(payments)
  assert.deepEqual(release.unasked, [])
})

const PROBE = 9_000

/** A change that every transfer stands in the way of. */
const probe = (): Migration => {
  const sql = 'alter table ledger.transfers add column probe integer'
  const sha256 = createHash('sha256').update(sql).digest('hex')
  return { number: PROBE, name: `${PROBE}_probe.sql`, sql, sha256, inTransaction: true }
}

test('a migration that cannot get its lock gives way and tries again, and both releases go on', async (t) => {
  const holding = async (work: (reader: Client) => Promise<void>): Promise<void> =>
    withClient(stand.adminUrl, async (reader) => {
      await reader.query('begin; lock table ledger.transfers in access share mode')
      await work(reader)
    })
  const gaveWay: number[] = []
  const busy = await whileBusy(stand, 'locked', async (load) => {
    await expectWork(load, 'release', 'first')
    await holding(async (reader) => {
      let wentOn = true
      await migrate({
        adminUrl: stand.adminUrl,
        release: 'probe',
        migrations: [...readMigrations(), probe()],
        onGaveWay: (_name, attempt) => {
          gaveWay.push(attempt)
          void load.heals(HEALS_WITHIN_MS).then(async (heals) => {
            wentOn &&= heals
            await reader.query('rollback')
          })
        },
      })
      assert.ok(wentOn, 'nothing is acknowledged while the lock is held')
    })
    await expectWork(load, 'release', 'first')
  })
  t.diagnostic(told(busy))
  assert.equal(await newestThere(), PROBE)
  assert.ok(gaveWay.length > 0, 'the migration never gave way')
  expectNobodyFailed(busy)
})

const ready = async (server: Supervisor): Promise<readonly [number, unknown]> => {
  const answer = await fetch(new URL('/readyz', server.place().address))
  return [answer.status, await answer.json()]
}

/** It turns /readyz off, works on until nobody asks it any more, closes its door, and ends. */
const leave = async (name: keyof typeof servers): Promise<void> => {
  const { balancer } = stand
  const { address, apiKey } = servers[name].place()
  const headers = { authorization: `Bearer ${apiKey}` }
  const ending = servers[name].end('SIGTERM')
  await balancer.sees(name, false)
  const [status, says] = await ready(servers[name])
  const still = await fetch(new URL('/v1/ledger/accounts', address), { headers })
  assert.deepEqual([status, says], [503, { status: 'stopping', checks: {} }])
  assert.deepEqual([still.status, still.headers.get('connection')], [200, 'close'])
  // The rest of DRAIN_SECONDS need not be waited for.
  process.kill(servers[name].server().pid, 'SIGINT')
  assert.equal((await ending).code, 0, servers[name].server().output())
}

test('the new release goes back to the old one, and no request fails', async (t) => {
  const busy = await whileBusy(stand, 'back', async (load) => {
    await expectWork(load, 'release', 'first')
    await leave('first')
    await expectWork(load, 'release')
  })
  t.diagnostic(told(busy))
  expectNobodyFailed(busy)
})

test('two servers behind a load balancer are replaced one after the other, and no request fails', async (t) => {
  servers.second = stand.fresh()
  servers.third = stand.fresh()
  await Promise.all([stand.join('second', servers.second), stand.join('third', servers.third)])
  await stand.release.end('SIGTERM')
  const busy = await whileBusy(stand, 'rolling', async (load) => {
    await expectWork(load, 'second', 'third')
    for (let time = 1; time <= TIMES; time++) {
      for (const name of ['second', 'third'] as const) {
        await leave(name)
        await stand.join(name, servers[name])
        await expectWork(load, 'second', 'third')
      }
    }
  })
  t.diagnostic(told(busy))
  expectNobodyFailed(busy)
  await stand.expectProven()
})

const raiseFloor = (): Promise<unknown> =>
  withOwner(stand.adminUrl, (owner) =>
    owner.query('update database.schema_floor set oldest_migration = $1', [PROBE]),
  )

test('whoever is too old for the database refuses to start, and says so where it runs', async () => {
  const { balancer, release } = stand
  await raiseFloor()
  const [, second] = await Promise.all([balancer.sees('second', false), ready(servers.second)])
  const says = new RegExp(
    `knows migrations up to ${NEWEST_MIGRATION}; the database needs a release that knows ${PROBE}`,
  )
  assert.equal(second[0], 503)
  assert.match(JSON.stringify(second[1]), says)
  const old = new RegExp(`ended \\(2\\)[^]*knows migrations up to ${aboutLastRelease().newest_migration}; `)
  await Promise.all([
    assert.rejects(release.start(), old),
    assert.rejects(
      servers.first.start(),
      new RegExp(`ended \\(2\\)[^]*${says.source}[^]*Start a newer release`),
    ),
  ])
  const said = (): string => servers.second.server().output()
  while (!says.test(said())) await ready(servers.second)
})
