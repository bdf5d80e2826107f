import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@evenkeel/sdk'
import type { Command } from 'commander'
import { accepted } from '../accepted.ts'
import { type ApiOptions, addApiOptions, asProblem, clientFor } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { CLOCK_KEY_S, CLOCK_LOOK_MS } from '../limits.ts'
import { CommandProblem } from '../problem.ts'
import { createProgress } from '../progress.ts'
import { readDuration } from '../read-duration.ts'
import { withPlatform } from '../with-platform.ts'
import { duration, many } from '../wording.ts'

type Options = ApiOptions & { readonly sandbox?: string; readonly json?: true }

type TestClock = {
  readonly id: string
  readonly frozen_time: number
  readonly name: string | null
  readonly status: 'ready' | 'advancing' | 'internal_failure'
}

type Now = { readonly now: number; readonly livemode: boolean; readonly test_clock: TestClock | null }

type Report = {
  readonly from_time: number
  readonly reached_time: number
  readonly stops: number
  readonly counts: Readonly<Record<string, number>>
}

const CLOCKS = '/v1/test_helpers/test_clocks'

/** A tenant's time has no zone of this machine: 2026-11-22 17:05:00 UTC. */
const showTime = (seconds: number): string =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')} UTC`

const readTime = (text: string): number => {
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text)
  if (Number.isNaN(ms))
    throw new CommandProblem(
      `"${text}" is not a time`,
      'Write it as 2026-12-31, 2026-12-31T12:00:00Z, or in seconds since 1970.',
    )
  return Math.floor(ms / 1_000)
}

/** With a key of somebody's, or by the sandbox's name with one that lives only as long as the command. */
const withClient = async (
  context: Context,
  options: Options,
  work: (client: Client) => Promise<void>,
): Promise<void> => {
  const run = async (key: string | undefined): Promise<void> => {
    try {
      await work(clientFor(context, { ...options, ...(key === undefined ? {} : { key }) }, CLOCKS))
    } catch (error) {
      throw asProblem(error)
    }
  }
  const { sandbox } = options
  if (sandbox === undefined) return run(undefined)
  await withPlatform(context, async ({ tenants }) => {
    const expiresMs = Date.now() + CLOCK_KEY_S * 1_000
    const { key, text } = accepted(
      await tenants.createKey({ tenant: sandbox, name: 'evenkeel clock', expiresMs }),
    )
    try {
      await run(text)
    } finally {
      await tenants.revokeKey(key.id)
    }
  })
}

const look = async (client: Client): Promise<Now> =>
  (await client.request('GET', '/v1/test_helpers/clock')) as Now

const held = async (client: Client): Promise<TestClock> => {
  const { test_clock: clock } = await look(client)
  if (clock !== null) return clock
  throw new CommandProblem(
    'The sandbox’s clock runs: nobody has it in hand',
    'Take it with: evenkeel clock freeze',
    1,
  )
}

const freeze = async (client: Client, atS: number | null): Promise<TestClock> => {
  const frozenTime = atS ?? (await look(client)).now
  return (await client.request('POST', CLOCKS, { frozen_time: frozenTime })) as TestClock
}

/** Looks on until the clock is there, with a bar where somebody watches. */
const follow = async (
  context: Context,
  client: Client,
  { from, to, id }: { readonly from: number; readonly to: number; readonly id: string },
): Promise<TestClock> => {
  const progress = createProgress(context.terminal)
  const signal = context.terminal.interruption()
  try {
    for (;;) {
      const clock = (await client.request('GET', `${CLOCKS}/${id}`)) as TestClock
      if (clock.status !== 'advancing') return clock
      if (signal.aborted) throw new CommandProblem('Stopped looking on; the clock goes on moving.', null, 130)
      const fraction = to === from ? null : (clock.frozen_time - from) / (to - from)
      progress.show({ fraction, text: showTime(clock.frozen_time) })
      await sleep(CLOCK_LOOK_MS)
    }
  } finally {
    progress.end()
  }
}

const DAY_S = 86_400

const span = (seconds: number): string =>
  seconds >= DAY_S ? many(Math.floor(seconds / DAY_S), 'day') : duration(seconds)

const reportText = (report: Report): string => {
  const moved = span(report.reached_time - report.from_time)
  const kinds = Object.entries(report.counts).toSorted(([one], [other]) => (one < other ? -1 : 1))
  const width = Math.max(0, ...kinds.map(([kind]) => kind.length))
  return [
    `The clock stands at ${showTime(report.reached_time)}: ${moved} later, with ${many(report.stops, 'stop')}.`,
    ...(kinds.length === 0 ? ['Nothing fell due on the way.'] : []),
    ...kinds.map(([kind, number]) => `  ${kind.padEnd(width)}  ${number}`),
  ].join('\n')
}

const tell = async (context: Context, client: Client, clock: TestClock, isJson: boolean): Promise<void> => {
  const report = (await client.request('GET', `${CLOCKS}/${clock.id}/report`)) as Report
  context.terminal.answer(isJson ? JSON.stringify(report, null, 2) : reportText(report))
  if (clock.status !== 'internal_failure') return
  context.terminal.say('It could go no further: the server’s log says why. Advance it again to try again.')
  context.end(1)
}

const addShared = (command: Command): Command =>
  addApiOptions(command)
    .option('--sandbox <name>', 'of this sandbox, without a key')
    .option('--json', 'print JSON')

const addShow = (clock: Command, context: Context): void => {
  addShared(clock.command('show').summary('show what time it is in the sandbox')).action((options: Options) =>
    withClient(context, options, async (client) => {
      const now = await look(client)
      const text =
        now.test_clock === null
          ? `${showTime(now.now)}, and running.`
          : `${showTime(now.now)}, in hand (${now.test_clock.id}, ${now.test_clock.status}).`
      context.terminal.answer(options.json === true ? JSON.stringify(now, null, 2) : text)
    }),
  )
}

const addFreeze = (clock: Command, context: Context): void => {
  const command = clock
    .command('freeze')
    .summary('make the sandbox’s clock stand still')
    .argument('[time]', 'at which it is to stand; without it, where it is')
  addShared(command).action((time: string | undefined, options: Options) =>
    withClient(context, options, async (client) => {
      const wanted = time === undefined ? null : readTime(time)
      const from = (await look(client)).now
      const taken = await freeze(client, wanted)
      const { id } = taken
      const there = await follow(context, client, { from, to: wanted ?? from, id })
      const text = `The clock stands still at ${showTime(there.frozen_time)}.`
      context.terminal.answer(options.json === true ? JSON.stringify(there, null, 2) : text)
    }),
  )
}

const addAdvance = (clock: Command, context: Context): void => {
  const command = clock
    .command('advance')
    .summary('move the sandbox’s clock forward')
    .description(
      'Moves the clock on, from one thing that falls due to the next, and reports what happened on the way. A clock that runs is taken in hand first, and stands still from then on. Meanwhile whatever else would write gets 429.',
    )
    .argument('<by>', 'by which time, such as 30d, or to which, such as 2026-12-31')
  addShared(command).action((by: string, options: Options) =>
    withClient(context, options, async (client) => {
      const isLength = /^\d+[a-z]$/i.test(by)
      const step = isLength ? readDuration(by) : null
      const goal = step === null ? readTime(by) : null
      const clockInHand = (await look(client)).test_clock ?? (await freeze(client, null))
      const { id, frozen_time: from } = clockInHand
      const to = goal ?? from + (step ?? 0)
      await client.request('POST', `${CLOCKS}/${id}/advance`, { frozen_time: to })
      await tell(context, client, await follow(context, client, { from, to, id }), options.json === true)
    }),
  )
  addExamples(command, [
    ['evenkeel clock advance 30d', 'a month in a second'],
    ['evenkeel clock advance 2026-12-31 --sandbox month-end', 'to a day, in a sandbox of that name'],
  ])
}

const addRelease = (clock: Command, context: Context): void => {
  addShared(clock.command('release').summary('let the sandbox’s clock tick on from where it stands')).action(
    (options: Options) =>
      withClient(context, options, async (client) => {
        const { id, frozen_time: at } = await held(client)
        const gone = await client.request('DELETE', `${CLOCKS}/${id}`)
        const text = `The clock ticks on from ${showTime(at)}.`
        context.terminal.answer(options.json === true ? JSON.stringify(gone, null, 2) : text)
      }),
  )
}

export const addClock = (program: Command, context: Context): void => {
  const clock = program
    .command('clock')
    .summary('move the clock of a sandbox')
    .description(
      'The clock of a sandbox rules what its customers and books see: settlement, retries, deadlines, expiries. It can be stopped and moved forward, never back.',
    )
  addShow(clock, context)
  addFreeze(clock, context)
  addAdvance(clock, context)
  addRelease(clock, context)
}
