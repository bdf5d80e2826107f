import type { Answered, Shown } from '../../support/payments-world.ts'
import { PLAIN } from './acquirer.ts'
import { checkEnd, checkMiddle } from './check.ts'
import type { History, Manner, Move } from './histories.ts'
import { checkCaps, startLaunch, stopLaunch } from './launches.ts'
import type { Past } from './past.ts'
import type { Simulated } from './world.ts'

const ROUNDS_MOST = 12
const HEALED_IN_VAIN = 3
/** Holds end after seven days, disputes after nine, and everything is available by then. */
const LONG_DAYS = 12

const pick = <Value>(values: readonly Value[], which: number): Value | undefined =>
  values[which % values.length]

const idsOf = async ({ books }: Past, table: string, prefix: string, states: string): Promise<string[]> =>
  (
    await books.rows(
      `select '${prefix}_' || replace(id::text, '-', '') as id from ${table}
        where tenant = $1 and status ~ '^(${states})$' order by created_micros`,
    )
  ).map((row) => String(row['id']))

/** Where it makes sense; now and then anywhere, to be refused. */
const STATES = {
  confirm: 'requires_payment_method',
  cancel: 'requires_capture|requires_payment_method',
  capture: 'requires_capture',
  refund: 'succeeded',
} as const
const ANYWHERE = '.*'
const ANYWHERE_EACH = 5
const MORE_THAN_HALF = 0.6

const note = (past: Past, { status, body }: Answered): void => {
  if (status >= 500 && !past.simulated.process.isDead())
    past.problems.push(`an answer is ${JSON.stringify(body)}`)
  if (status !== 200) return
  const isFinal = body['status'] === 'succeeded' || body['status'] === 'canceled'
  if (body['object'] === 'payment_intent' && isFinal)
    past.promised.set(String(body['id']), String(body['status']))
  if (body['object'] === 'refund') past.promised.set(String(body['id']), 'exists')
}

/** One request as its manner is: its process may die, and its key may come again. */
const ask = async (past: Past, path: string, form: string, manner: Manner): Promise<void> => {
  const { books, simulated } = past
  const { process, acquirer } = simulated
  past.requests += 1
  const key = `key-${past.requests}`
  const send = (): Promise<Answered> => books.ask('POST', path, form, key)
  acquirer.plan(manner.plan)
  process.start(manner.crashAt)
  const answers = await Promise.all(manner.isTwin ? [send(), send()] : [send()])
  for (const answer of answers) note(past, answer)
  const wasDead = process.isDead()
  process.start(null)
  if (wasDead && manner.after === 'leave') return
  if (!wasDead && !manner.isTwin) return
  await simulated.outlast(books)
  const again = await send()
  note(past, again)
  for (const first of answers) {
    const isAnswered = first.status === 200 || first.status === 402
    if (!wasDead && isAnswered && JSON.stringify(first.body) !== JSON.stringify(again.body))
      past.problems.push(`${key} was answered twice: ${JSON.stringify([first.body, again.body])}`)
  }
}

const paying = (move: Extract<Move, { kind: 'pay' }>): string =>
  `amount=${move.amount}&currency=eur&payment_method=pm_card_visa&confirm=true&return_url=https://example.com&capture_method=${move.isManual ? 'manual' : 'automatic'}`

const onPayment = async (
  past: Past,
  move: Extract<Move, { kind: 'confirm' | 'cancel' } | { kind: 'capture' } | { kind: 'refund' }>,
): Promise<void> => {
  const states = move.which % ANYWHERE_EACH === 0 ? ANYWHERE : STATES[move.kind]
  const id = pick(await idsOf(past, 'payments.intents', 'pi', states), move.which)
  if (id === undefined) return
  const { manner } = move
  const path = `/v1/payment_intents/${id}`
  if (!('share' in move)) {
    const isConfirm = move.kind === 'confirm'
    const form = isConfirm ? 'payment_method=pm_card_visa&return_url=https://example.com' : ''
    return ask(past, `${path}/${move.kind}`, form, manner)
  }
  const intent = await past.books.have('GET', path)
  const part = Math.max(1, Math.floor((Number(intent['amount']) * move.share) / 10))
  if (move.kind === 'capture') return ask(past, `${path}/capture`, `amount_to_capture=${part}`, manner)
  return ask(past, '/v1/refunds', `payment_intent=${id}&amount=${part}`, manner)
}

/** Two that exclude each other, each under a key of its own. */
const race = async (past: Past, move: Extract<Move, { kind: 'race' }>): Promise<void> => {
  const states = move.of === 'hold' ? STATES.capture : STATES.refund
  const id = pick(await idsOf(past, 'payments.intents', 'pi', states), move.which)
  if (id === undefined) return
  const { books, simulated } = past
  const path = `/v1/payment_intents/${id}`
  const intent = await books.have('GET', path)
  const most = Math.ceil(Number(intent['amount_received']) * MORE_THAN_HALF)
  const refund = ['/v1/refunds', `payment_intent=${id}&amount=${Math.max(1, most)}`] as const
  const pair =
    move.of === 'hold'
      ? ([
          [`${path}/capture`, ''],
          [`${path}/cancel`, ''],
        ] as const)
      : [refund, refund]
  simulated.acquirer.plan(move.plan)
  simulated.process.start(null)
  const answers = await Promise.all(
    pair.map(([to, form]) => {
      past.requests += 1
      return books.ask('POST', to, form, `key-${past.requests}`)
    }),
  )
  for (const answer of answers) note(past, answer)
}

const onDispute = async (past: Past, move: Extract<Move, { kind: 'evidence' | 'accept' }>): Promise<void> => {
  const id = pick(await idsOf(past, 'payments.disputes', 'dp', ANYWHERE), move.which)
  if (id === undefined) return
  if (move.kind === 'accept') return ask(past, `/v1/disputes/${id}/close`, '', move.manner)
  return ask(past, `/v1/disputes/${id}`, 'evidence[product_description]=A%20lamp&submit=true', move.manner)
}

const tell = async (past: Past, again: number): Promise<void> => {
  const { simulated } = past
  const { outbox } = simulated.acquirer
  past.told.push(...outbox)
  if (again > 0) outbox.push(...past.told.slice(-again))
  await simulated.tell()
}

const makeMove = async (past: Past, move: Move): Promise<void> => {
  const { books, simulated } = past
  const { acquirer } = simulated
  const entries = [...acquirer.entries.values()]
  switch (move.kind) {
    case 'pay':
      return ask(past, '/v1/payment_intents', paying(move), move.manner)
    case 'confirm':
    case 'cancel':
    case 'capture':
    case 'refund':
      return onPayment(past, move)
    case 'race':
      return race(past, move)
    case 'evidence':
    case 'accept':
      return onDispute(past, move)
    case 'refund fails': {
      const refund = pick(
        entries.filter(({ kind, state }) => kind === 'refund' && state === 'succeeded'),
        move.which,
      )
      if (refund !== undefined) acquirer.failRefund(refund)
      return
    }
    case 'dispute': {
      const paid = pick(
        entries.filter(({ kind }) => kind === 'authorise'),
        move.which,
      )
      if (paid !== undefined) acquirer.dispute(paid, move.state)
      return
    }
    case 'news': {
      const one = pick([...acquirer.cases.values()], move.which)
      if (one !== undefined) acquirer.decide(one, move.state)
      return
    }
    case 'launch':
      return startLaunch(past, move)
    case 'stop':
      return stopLaunch(past, move)
    case 'resolve':
      return acquirer.resolve()
    case 'tell':
      return tell(past, move.again)
    case 'heal':
      return simulated.fire(books, move.crashAt)
    case 'days':
      await books.moveClock(move.days)
      past.day += move.days
      return simulated.fire(books, null)
  }
}

const lookAround = async (past: Past): Promise<void> => {
  const rows = await past.books.rows(
    `select id::text from payments.intents where tenant = $1 and status = 'succeeded'`,
  )
  for (const row of rows) {
    const id = String(row['id'])
    if (!past.takenOn.has(id)) past.takenOn.set(id, past.day)
  }
}

const OPEN = `
select 'payment ' || id as what from payments.intents where tenant = $1 and status = 'processing'
union all
select body->>'order' || ' ' || id from payments.attempts where tenant = $1 and state in ('sent', 'pending', 'unknown')
union all
select 'refund ' || id from payments.refunds where tenant = $1 and status = 'pending'`

/** The rail answers whoever asks, tells everything, and the timers run until nothing is open. */
const healAll = async (past: Past): Promise<void> => {
  const { simulated, books } = past
  simulated.acquirer.plan(PLAIN)
  let left: Shown[] = []
  for (let round = 0; round < ROUNDS_MOST; round++) {
    simulated.acquirer.resolve()
    await tell(past, round === 0 ? HEALED_IN_VAIN : 0)
    await simulated.fire(books, null)
    left = await books.rows(OPEN)
    if (left.length === 0 && simulated.acquirer.outbox.length === 0) break
  }
  await lookAround(past)
  past.problems.push(...left.map(({ what }) => `${String(what)} was never finished`))
  past.problems.push(...simulated.acquirer.outbox.map((told) => `${told.told.type} could never be told`))
}

/** Plays a history from an empty tenant to the end of everything; what does not hold is told in words. */
export const play = async (simulated: Simulated, history: History): Promise<readonly string[]> => {
  const past: Past = {
    books: await simulated.begin(),
    simulated,
    problems: [],
    day: 0,
    requests: 0,
    takenOn: new Map(),
    promised: new Map(),
    told: [],
    live: [],
  }
  for (const move of history) {
    await makeMove(past, move)
    await lookAround(past)
    await checkCaps(past)
  }
  await healAll(past)
  await checkMiddle(past)
  await past.books.moveClock(LONG_DAYS)
  past.day += LONG_DAYS
  await healAll(past)
  await healAll(past)
  await checkEnd(past)
  return past.problems
}
