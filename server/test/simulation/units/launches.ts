import { putLive } from '../../support/live-launch.ts'
import type { Entry } from './acquirer.ts'
import type { Move } from './histories.ts'
import type { Past } from './past.ts'

const TENTHS = 1_000
const CURRENCY = 'EUR'

/** Launches share the other rail; each is by the card, with a salt of its own. */
export const startLaunch = async (past: Past, move: Extract<Move, { kind: 'launch' }>): Promise<void> => {
  const { perStage, perDay } = move
  const control = await past.books.launch({
    salt: `salt ${past.live.length}`,
    exposureBp: move.share * TENTHS,
    caps:
      perStage === null && perDay === null
        ? null
        : { currency: CURRENCY, perPayment: null, perStage, perDay },
  })
  past.live.push({ control, stoppedMicros: null })
}

/** Two payments are under way while it comes: each is before it or after it, and none is both. */
export const stopLaunch = async (past: Past, move: Extract<Move, { kind: 'stop' }>): Promise<void> => {
  const live = past.live.filter(({ stoppedMicros }) => stoppedMicros === null)
  const one = live[move.which % Math.max(1, live.length)]
  if (one === undefined) return
  const { books, simulated } = past
  simulated.process.start(null)
  const form = `amount=${move.amount}&currency=eur&payment_method=pm_card_visa&confirm=true&return_url=https://example.com`
  const pay = (): Promise<unknown> => {
    past.requests += 1
    return books.ask('POST', '/v1/payment_intents', form, `key-${past.requests}`)
  }
  const stop = async (): Promise<void> => {
    const stopped = await putLive(simulated.world.commit, books.id, { ...one.control, isStopped: true })
    one.stoppedMicros = stopped.atMicros
  }
  await Promise.all([pay(), stop(), pay()])
  await pay()
}

type Row = {
  readonly id: string
  readonly created: bigint
  readonly rail: string
  readonly launch: string | null
  readonly held: bigint
}

const ATTEMPTS = `
select a.id::text, a.created_micros as created, a.body->>'rail' as rail,
       jsonb_path_query_first(a.body, '$.stamps[*] ? (@.exposed == true).launch') #>> '{}' as launch,
       coalesce((a.body->'reservation'->>'amount')::bigint, 0) as held
  from payments.attempts a where a.tenant = $1 and a.body->>'order' = 'authorise'`

const attemptsOf = async ({ books }: Past): Promise<Row[]> =>
  (await books.rows(ATTEMPTS)).map((row) => ({
    id: String(row['id']),
    created: BigInt(String(row['created'])),
    rail: String(row['rail']),
    launch: row['launch'] === null ? null : String(row['launch']),
    held: BigInt(String(row['held'])),
  }))

const COUNTERS = `select launch::text, day, reserved_today, reserved_in_stage from exposure.counters where tenant = $1`

/** After every step: what is reserved is never above a cap, to the cent. */
export const checkCaps = async (past: Past): Promise<void> => {
  const caps = new Map(past.live.map(({ control }) => [control.launch as string, control.caps]))
  for (const row of await past.books.rows(COUNTERS)) {
    const launch = String(row['launch'])
    const { perStage, perDay } = caps.get(launch) ?? { perStage: null, perDay: null }
    const [today, inStage] = [Number(row['reserved_today']), Number(row['reserved_in_stage'])]
    if (perStage !== null && inStage > perStage)
      past.problems.push(`${launch} has ${inStage} in its stage, above ${perStage}`)
    if (perDay !== null && today > perDay)
      past.problems.push(`${launch} has ${today} in its day, above ${perDay}`)
  }
}

const isTaking = ({ kind, isHold, state }: Entry): boolean =>
  state === 'succeeded' && (kind === 'capture' || (kind === 'authorise' && !isHold))

/** By the rail's books: what a launch took in the end is what was taken by its way. */
const takenBy = (past: Past, ids: ReadonlySet<string>): bigint =>
  [...past.simulated.acquirer.entries.values()]
    .filter((entry) => isTaking(entry) && ids.has(entry.of))
    .reduce((sum, { amount }) => sum + amount, 0n)

/**
 * The end, when nothing is open any more: whoever was exposed went to the other rail and nobody else did; after a stop
 * nobody was exposed; and the caps hold what was taken by the launch's way, neither more nor less.
 */
export const checkLaunches = async (past: Past): Promise<void> => {
  const attempts = await attemptsOf(past)
  for (const { id, rail, launch } of attempts) {
    const wanted = launch === null ? 'simulated' : 'express'
    if (rail !== wanted) past.problems.push(`${id} went to ${rail} instead of ${wanted}`)
  }
  for (const { control, stoppedMicros } of past.live) {
    const mine = attempts.filter(({ launch }) => launch === control.launch)
    const late = mine.filter(({ created }) => stoppedMicros !== null && created > stoppedMicros)
    for (const { id } of late) past.problems.push(`${id} went the way of ${control.launch} after its stop`)
    if (control.caps === null) continue
    const held = mine.reduce((sum, row) => sum + row.held, 0n)
    const taken = takenBy(past, new Set(mine.map(({ id }) => id)))
    if (held !== taken)
      past.problems.push(`${control.launch} holds ${held} of its caps, and ${taken} were taken`)
  }
}
