import type { Answer } from './answers.ts'
import type { ChargeFacts, IntentFacts, PaymentFacts, RefundFacts } from './facts.ts'
import type { OrderStory } from './journal.ts'
import { CARDS } from './shoppers.ts'

/** What was promised by the answers, held against what is there. Every problem is a sentence; none is a pass. */
export type Judged = {
  readonly problems: readonly string[]
  readonly payments: number
  readonly lost: number
  readonly doubled: number
}

type Say = (what: 'lost' | 'doubled' | 'wrong', problem: string) => void

/** In the ledger: a hold, or the end of one without money. */
const PENDING = 2
const REFUND_CODE = 20
const SETTLED_CODE = 21
const FAILED_CODE = 22

const expecting =
  (say: Say, about: string) =>
  (what: string, found: number, wanted: number): void => {
    if (found < wanted) say('lost', `${about}: ${found} instead of ${wanted} ${what}`)
    if (found > wanted) say('doubled', `${about}: ${found} instead of ${wanted} ${what}`)
  }

/** The only answer that an order got in the end; every other one under its key must be the same. */
const finalOf = (story: OrderStory, say: Say): Exclude<Answer, { class: 'again' }> | null => {
  const { order, answers } = story
  const finals = answers.filter((answer) => answer.class !== 'again')
  const [first] = finals
  if (first === undefined) {
    say('lost', `${order.kind} ${order.n} of payment ${order.payment} never got an answer`)
    return null
  }
  if (first.class === 'strange') say('wrong', `${order.kind} ${order.n}: ${first.why}`)
  return first
}

type Expect = ReturnType<typeof expecting>

const judgeEvents = (
  facts: PaymentFacts,
  expect: Expect,
  of: {
    readonly intent: IntentFacts
    readonly charges: readonly ChargeFacts[]
    readonly refunds: readonly RefundFacts[]
  },
  isManual: boolean,
): void => {
  const { intent, charges, refunds } = of
  const count = (object: string, type: string): number =>
    facts.events.filter((event) => event.object === object && event.type === type).length
  const once = (object: string, type: string, isTrue: boolean): void =>
    expect(`events ${type}`, count(object, type), isTrue ? 1 : 0)
  const isDeclined = intent.status === 'requires_payment_method'
  once(intent.id, 'payment_intent.created', true)
  once(intent.id, 'payment_intent.succeeded', intent.status === 'succeeded')
  once(intent.id, 'payment_intent.canceled', intent.status === 'canceled')
  once(intent.id, 'payment_intent.payment_failed', isDeclined)
  once(intent.id, 'payment_intent.amount_capturable_updated', isManual && !isDeclined)
  for (const charge of charges) {
    once(charge.id, 'charge.succeeded', charge.status === 'succeeded')
    once(charge.id, 'charge.failed', charge.status === 'failed')
    once(charge.id, 'charge.captured', isManual && charge.captured > 0)
    const ofCharge = refunds.filter((refund) => refund.charge === charge.id)
    // A refund that is first heard of when it has failed already was never told as made.
    const told = count(charge.id, 'charge.refunded')
    const least = ofCharge.filter(({ status }) => status !== 'failed').length
    expect('events charge.refunded', told, Math.min(Math.max(told, least), ofCharge.length))
  }
  for (const refund of refunds) {
    once(refund.id, 'refund.created', true)
    once(refund.id, 'refund.failed', refund.status === 'failed')
  }
}

const judgeMoney = (
  facts: PaymentFacts,
  expect: Expect,
  intent: IntentFacts,
  charge: ChargeFacts,
  isManual: boolean,
): void => {
  const isTaken = intent.status === 'succeeded'
  const moved = facts.transactions.filter(({ source, type }) => source === charge.id && type === 'charge')
  expect('balance transactions of the charge', moved.length, isTaken ? 1 : 0)
  for (const { amount, posted } of moved) {
    expect('cents in the balance transaction', amount, charge.captured)
    expect('cents posted for it', posted ?? 0, charge.captured)
  }
  const held = facts.postings.filter(
    ({ id, flags }) => id === charge.authorisation && (flags & PENDING) !== 0,
  )
  expect('holds in the ledger', held.length, isManual && charge.status === 'succeeded' ? 1 : 0)
  const ended = facts.postings.filter(({ holds }) => holds === charge.authorisation)
  expect('ends of the hold', ended.length, isManual && (isTaken || intent.status === 'canceled') ? 1 : 0)
}

const judgeRefunds = (
  facts: PaymentFacts,
  expect: Expect,
  refunds: readonly RefundFacts[],
  charge: ChargeFacts,
): void => {
  const kept = refunds.filter(({ status }) => status !== 'failed')
  expect(
    'cents refunded by the charge',
    charge.refunded,
    kept.reduce((sum, { amount }) => sum + amount, 0),
  )
  const orders = facts.orders.filter(({ kind, about }) => kind === 'refund' && about === charge.authorisation)
  expect('refunds at the rail', orders.length, refunds.length)
  for (const { id, status } of refunds) {
    const count = (code: number): number =>
      facts.postings.filter((posting) => posting.reference === id && posting.code === code).length
    const types = facts.transactions.filter(({ source }) => source === id).map(({ type }) => type)
    expect(`postings of ${id}`, count(REFUND_CODE), 1)
    expect(`failures posted of ${id}`, count(FAILED_CODE), status === 'failed' ? 1 : 0)
    if (status === 'succeeded') expect(`settled postings of ${id}`, count(SETTLED_CODE), 1)
    expect(`balance transactions of ${id}`, types.filter((type) => type === 'refund').length, 1)
    expect(
      `refund failures of ${id}`,
      types.filter((type) => type === 'refund_failure').length,
      status === 'failed' ? 1 : 0,
    )
  }
}

const judgePayment = (
  facts: PaymentFacts,
  stories: readonly OrderStory[],
  payment: number,
  say: Say,
): void => {
  const expect = expecting(say, `payment ${payment}`)
  const finals = stories.map((story) => ({ ...story.order, answer: finalOf(story, say) }))
  const pay = finals.find(({ kind }) => kind === 'pay')
  const done = (kind: string): number =>
    finals.filter((order) => order.kind === kind && order.answer?.class === 'done').length
  const intents = facts.intents.filter((intent) => intent.payment === payment)
  expect('payments', intents.length, 1)
  const [intent] = intents
  if (intent === undefined || pay?.answer == null) return
  if (!('id' in pay.answer) || pay.answer.id !== intent.id)
    say('wrong', `payment ${payment}: its answer is ${JSON.stringify(pay.answer)}, and ${intent.id} is there`)
  const { metadata, capture_method: method } = pay.body as {
    metadata: { card: string }
    capture_method: string
  }
  const isManual = method === 'manual'
  const isTaken = CARDS[metadata.card] === 'taken'
  const charges = facts.charges.filter((charge) => charge.intent === intent.id)
  const refunds = facts.refunds.filter((refund) => refund.intent === intent.id)
  expect('acknowledged captures and cancels', done('capture') + done('cancel') > 1 ? 2 : 1, 1)
  const held = done('capture') > 0 ? 'succeeded' : done('cancel') > 0 ? 'canceled' : 'requires_capture'
  const wanted = isTaken ? (isManual ? held : 'succeeded') : 'requires_payment_method'
  if (intent.status !== wanted) say('wrong', `payment ${payment} is ${intent.status} and should be ${wanted}`)
  expect('charges', charges.length, 1)
  expect(
    'charges that succeeded',
    charges.filter(({ status }) => status === 'succeeded').length,
    isTaken ? 1 : 0,
  )
  expect('refunds', refunds.length, done('refund'))
  for (const charge of charges) {
    const at = (kind: string): number =>
      facts.orders.filter(
        (order) =>
          order.kind === kind && order.about === charge.authorisation && order.status === 'succeeded',
      ).length
    expect('authorisations at the rail', at('authorise'), isTaken ? 1 : 0)
    expect('captures at the rail', at('capture'), done('capture'))
    expect('voids at the rail', at('void'), done('cancel'))
    judgeMoney(facts, expect, intent, charge, isManual)
    judgeRefunds(facts, expect, refunds, charge)
  }
  judgeEvents(facts, expect, { intent, charges, refunds }, isManual)
}

const judgeReplays = (stories: readonly OrderStory[], say: Say): void => {
  for (const { order, answers } of stories) {
    const digests = new Set(answers.flatMap((answer) => ('digest' in answer ? [answer.digest] : [])))
    if (digests.size > 1)
      say('wrong', `${order.kind} ${order.n} got ${digests.size} different answers under one key`)
  }
}

/** Whatever is there that nobody asked for. */
const judgePhantoms = (facts: PaymentFacts, payments: ReadonlySet<number>, say: Say): void => {
  for (const { id, payment } of facts.intents)
    if (!payments.has(payment)) say('wrong', `${id} was never asked for`)
  const { ledger, transactions, residual } = facts.balances
  if (ledger !== transactions)
    say('wrong', `the ledger owes ${ledger}, balance transactions say ${transactions}`)
  if (residual !== '0') say('wrong', `the books are off by ${residual}`)
}

export const judgePayments = (stories: readonly OrderStory[], facts: PaymentFacts): Judged => {
  const problems: string[] = []
  const counts = { lost: 0, doubled: 0, wrong: 0 }
  const say: Say = (what, problem) => {
    counts[what] += 1
    problems.push(problem)
  }
  const payments = Map.groupBy(stories, ({ order }) => order.payment)
  for (const [payment, own] of payments) judgePayment(facts, own, payment, say)
  judgeReplays(stories, say)
  judgePhantoms(facts, new Set(payments.keys()), say)
  return { problems, payments: payments.size, lost: counts.lost, doubled: counts.doubled }
}
