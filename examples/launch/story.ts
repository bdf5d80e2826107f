// A second acquirer is launched early, breaks, and is stopped by itself: the whole life of a launch, step by step.

import { writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { EvenkeelError } from '@evenkeel/sdk'
import { type Clock, takeClock } from './clock.ts'
import { contentOf, PHASED, risksOf } from './content.ts'
import { type Charge, isExposed, makeCustomers, pay, payAll } from './customers.ts'
import { type Caller, evenkeel, type Json, type World } from './world.ts'

/** What a step came to: a sentence for people, and the facts of it. */
export type Tell = (step: string, sentence: string, facts: Json) => void

export type Launch = {
  readonly id: string
  readonly status: string
  readonly stage: number
  readonly exposure_bp: number
  readonly content_hash: string
  readonly waiting: { readonly for: string } | null
  readonly gates: readonly { readonly gate: string; readonly state: string; readonly reason: string }[]
  readonly stopped: { readonly by: string; readonly reason: string; readonly metric: string | null } | null
}

const CUSTOMERS = 500
/** Of the launched payments, before the promotion test can say anything; and how often each customer pays at most for it. */
const EXPOSED_LEAST = 110
const VISITS_MOST = 12
const WAIT_MOST_MS = 60_000
const LOOK_AGAIN_MS = 100
/** Of 1,000 that would succeed. */
const FAULT_DECLINES = 500
const ROUNDS_MOST = 6

const refusalOf = async (ask: () => Promise<unknown>): Promise<EvenkeelError> => {
  try {
    await ask()
  } catch (error) {
    if (error instanceof EvenkeelError) return error
    throw error
  }
  throw new Error('it should have been refused')
}

const show = (who: Caller, id: string): Promise<Launch> => who.get<Launch>(`/v1/launches/${id}`)

/** Waits until the launch is as it is asked for; says what it was when that takes too long. */
const until = async (who: Caller, id: string, isThere: (launch: Launch) => boolean): Promise<Launch> => {
  const startedMs = performance.now()
  for (;;) {
    const launch = await show(who, id)
    if (isThere(launch)) return launch
    if (performance.now() - startedMs > WAIT_MOST_MS)
      throw new Error(`The launch stays ${launch.status}: ${JSON.stringify(launch.gates)}`)
    await pause(LOOK_AGAIN_MS)
  }
}

const propose = async (world: World, tell: Tell): Promise<Launch> => {
  const { program, business, technology, owner } = world
  const { data: people } = await program.get<{ data: { id: string; role: string }[] }>('/v1/people')
  const second = people.find(({ role }) => role === 'technology')?.id ?? owner
  const draft = await business.post<Launch>('/v1/launches', contentOf(PHASED, owner, second))
  tell('proposed', `${PHASED.name} is proposed as ${draft.id}.`, { launch: draft.id, status: draft.status })
  for (const risk of risksOf(PHASED, 'business')) await business.post(`/v1/launches/${draft.id}/risks`, risk)
  for (const risk of risksOf(PHASED, 'technology'))
    await technology.post(`/v1/launches/${draft.id}/risks`, risk)
  const opened = await business.post<Launch & { risks: { watched: boolean }[] }>(
    `/v1/launches/${draft.id}/premortem/open`,
  )
  const watched = opened.risks.filter((risk) => risk.watched).length
  tell(
    'premortem',
    `Each wrote alone; opened, there are ${opened.risks.length} risks, ${watched} of them watched by a live metric.`,
    { risks: opened.risks.length, watched },
  )
  return opened
}

const signAndStart = async (world: World, launch: Launch, tell: Tell): Promise<Launch> => {
  const { business, technology } = world
  const over = { content_hash: launch.content_hash }
  await business.post(`/v1/launches/${launch.id}/sign`, over)
  const refused = await refusalOf(() => business.post(`/v1/launches/${launch.id}/start`))
  tell('refused', `With one signature it does not start: ${refused.message}`, {
    code: refused.code,
    message: refused.message,
  })
  await technology.post(`/v1/launches/${launch.id}/sign`, over)
  const started = await business.post<Launch>(`/v1/launches/${launch.id}/start`)
  tell('started', `Signed by both, it is started at ${started.exposure_bp / 100} %.`, {
    status: started.status,
    exposure_bp: started.exposure_bp,
  })
  return started
}

const countExposed = (charges: readonly Charge[], launch: string): number =>
  charges.filter((charge) => isExposed(charge, launch)).length

/** Traffic until the stage has matured: each customer once an hour, as each of them counts once an hour. */
const mature = async (
  world: World,
  { id }: Launch,
  { clock, customers, seen, tell }: Scene,
): Promise<Launch> => {
  const { program } = world
  for (let visit = 0; visit < VISITS_MOST && countExposed(seen, id) < EXPOSED_LEAST; visit++) {
    seen.push(...(await payAll(program, customers)))
    await clock.advance(2)
  }
  tell('traffic', `${seen.length} payments, ${countExposed(seen, id)} of them by the new acquirer.`, {
    payments: seen.length,
    exposed: countExposed(seen, id),
  })
  const waiting = await until(program, id, (launch) => launch.waiting?.for === 'approval')
  tell(
    'matured',
    'The first stage has matured; the controller asks for the approval that only people give.',
    {
      waiting: waiting.waiting?.for,
      exposure_bp: waiting.exposure_bp,
      stage: waiting.stage,
    },
  )
  return waiting
}

const approve = async (world: World, launch: Launch, tell: Tell): Promise<Launch> => {
  const over = { stage: launch.stage, content_hash: launch.content_hash }
  const path = `/v1/launches/${launch.id}/approve`
  const first = await world.technology.post<Launch>(path, over)
  const second = await world.business.post<Launch>(path, over)
  tell('approved', `One approval changes nothing, the second raises it to ${second.exposure_bp / 100} %.`, {
    after_one_bp: first.exposure_bp,
    exposure_bp: second.exposure_bp,
    stage: second.stage,
  })
  return second
}

/** A hold that the launch's acquirer has given and that is not captured yet: in flight when the launch is stopped. */
const inFlight = async (world: World, launch: Launch, customers: readonly string[]): Promise<Charge> => {
  for (const customer of customers) {
    const charge = await pay(world.program, customer, 0, { capture: 'manual' })
    if (isExposed(charge, launch.id)) return charge
    await world.program.post(`/v1/payment_intents/${charge.payment_intent}/cancel`)
  }
  throw new Error('nobody is exposed')
}

type Scene = {
  readonly clock: Clock
  readonly customers: readonly string[]
  readonly seen: Charge[]
  readonly tell: Tell
}

const breakIt = async (world: World, launch: Launch, scene: Scene): Promise<Launch> => {
  const { customers, seen, tell } = scene
  const { program } = world
  await program.post('/v1/test_helpers/rails/sandbox-express', { decline_rate: FAULT_DECLINES })
  tell('fault', `The new acquirer begins to decline ${FAULT_DECLINES / 10} of 100 good cards.`, {
    decline_rate: FAULT_DECLINES,
  })
  let stopped: Launch | null = null
  for (let round = 0; round < ROUNDS_MOST && stopped === null; round++) {
    seen.push(...(await payAll(program, customers.slice(round * 100, round * 100 + 100))))
    const now = await show(program, launch.id)
    if (now.exposure_bp === 0) stopped = now
  }
  stopped ??= await until(program, launch.id, ({ exposure_bp }) => exposure_bp === 0)
  tell('rolled_back', `A guardrail broke and exposure is zero, by itself: ${stopped.stopped?.reason ?? ''}`, {
    status: stopped.status,
    exposure_bp: stopped.exposure_bp,
    by: stopped.stopped?.by,
    metric: stopped.stopped?.metric,
  })
  return stopped
}

const afterwards = async (world: World, launch: Launch, flying: Charge, scene: Scene): Promise<void> => {
  const { customers, seen, tell } = scene
  const { program } = world
  const later = await payAll(program, customers)
  seen.push(...later)
  tell('old_way', `${later.length} payments after the stop: all of them go the old way.`, {
    payments: later.length,
    exposed: countExposed(later, launch.id),
    rails: [...new Set(later.map(({ rail }) => rail))],
  })
  await program.post(`/v1/payment_intents/${flying.payment_intent}/capture`)
  const captured = await program.get<Charge & { captured: boolean }>(`/v1/charges/${flying.id}`)
  seen.push(captured)
  tell('in_flight', `What was in flight finishes where it began: captured by ${captured.rail}.`, {
    rail: captured.rail,
    captured: captured.captured,
  })
  await until(program, launch.id, ({ status }) => status === 'rolled_back')
  const listed: string[] = []
  const query = { launch: launch.id, limit: 100 }
  for await (const charge of program.client.list<Charge>('/v1/charges', query)) listed.push(charge.id)
  const expected = seen.filter((charge) => isExposed(charge, launch.id)).map(({ id }) => id)
  const isExact = JSON.stringify(listed.toSorted()) === JSON.stringify([...new Set(expected)].toSorted())
  tell('affected', `${listed.length} payments went its way, and the list of them is exact.`, {
    listed: listed.length,
    is_exact: isExact,
  })
}

const prove = async (world: World, launch: Launch, tell: Tell, boardFile: string | null): Promise<void> => {
  const board = await world.business.get<{ html: string }>(`/v1/launches/${launch.id}/board`)
  if (boardFile !== null) await writeFile(boardFile, board.html)
  const where = boardFile === null ? '' : ` It stands in ${boardFile}: open it in a browser, or print it.`
  tell('board', `The board page tells it in money, on one page.${where}`, { length: board.html.length })
  for (const [step, line] of [
    ['books', ['verify', '--tenant', world.sandbox]],
    ['log', ['verify', '--audit']],
  ] as const) {
    const said = await evenkeel(...line)
    tell(step, said.split('\n').at(-1) ?? said, { said })
  }
}

/** Plays the story, and tells each of its steps. */
export const playStory = async (world: World, tell: Tell, boardFile: string | null): Promise<void> => {
  const customers = await makeCustomers(world.program, CUSTOMERS)
  const clock = await takeClock(world)
  const scene: Scene = { clock, customers, seen: [], tell }
  const proposed = await propose(world, tell)
  await signAndStart(world, proposed, tell)
  const matured = await mature(world, proposed, scene)
  const raised = await approve(world, matured, tell)
  const flying = await inFlight(world, raised, customers)
  const stopped = await breakIt(world, raised, scene)
  await afterwards(world, stopped, flying, scene)
  await clock.release()
  await prove(world, stopped, tell, boardFile)
}
