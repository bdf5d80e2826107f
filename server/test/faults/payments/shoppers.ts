import { setTimeout as pause } from 'node:timers/promises'
import { openConnection } from '../load/connection.ts'
import type { Random } from '../load/random.ts'
import type { Target } from '../load/send.ts'
import { type Answer, isFinal, read } from './answers.ts'
import type { Kind, PaymentJournal } from './journal.ts'

/** Each begins when its time has come, however many of the others still wait for an answer. */
const BEGIN_EVERY_MS = 35
const WAITING_MOST = 96
const AGAIN_PAUSE_MS = 200
const GIVE_UP_MS = 60_000

const AMOUNT_LEAST = 500
const AMOUNTS = 20_000

/** With what becomes of a payment in the end. */
export const CARDS: Readonly<Record<string, 'taken' | 'declined'>> = {
  visa: 'taken',
  mastercard: 'taken',
  answerLost: 'taken',
  orderLost: 'taken',
  toldTwice: 'taken',
  pendingRefund: 'taken',
  refundFail: 'taken',
  chargeDeclined: 'declined',
  answerLostDeclined: 'declined',
}
const NAMES = ['visa', ...Object.keys(CARDS)]

export type Shoppers = {
  readonly answered: () => number
  /** No payment is begun any more; those that were are brought to their end. */
  readonly finish: () => Promise<void>
}

export type ShoppersOptions = {
  readonly journal: PaymentJournal
  readonly run: string
  readonly random: Random
  readonly targets: readonly Target[]
  /** How many are paying at the same time. */
  readonly atOnceMost?: number
}

type Wish = { readonly kind: Kind; readonly path: string; readonly body: Readonly<Record<string, unknown>> }

type Asking = (payment: number, wish: Wish) => Promise<Answer>

/** The same key until there is an answer, by turns at any of the servers. */
const askOver =
  ({ journal, run, random, targets }: ShoppersOptions, onFinal: () => void): Asking =>
  async (payment, wish) => {
    const n = journal.next()
    const order = { ...wish, n, payment, key: `${run}${n}` }
    journal.intend(order)
    const connection = openConnection()
    const untilMs = performance.now() + GIVE_UP_MS
    try {
      for (;;) {
        const place = await random.pick(targets).up()
        if (place === null) return { class: 'again', why: 'nobody is there' }
        journal.send(n)
        const { path, key } = order
        const answer = read(await connection.post({ ...place, path, key, body: JSON.stringify(order.body) }))
        journal.answer(n, answer)
        if (isFinal(answer)) onFinal()
        if (isFinal(answer) || performance.now() > untilMs) return answer
        await pause(AGAIN_PAUSE_MS)
      }
    } finally {
      connection.close()
    }
  }

type Paid = { readonly payment: number; readonly id: string; readonly amount: number }

const giveBack = async (ask: Asking, random: Random, { payment, id, amount }: Paid): Promise<void> => {
  const parts = random.below(3)
  for (let part = 0; part < parts; part++) {
    const body = { payment_intent: id, amount: Math.floor(amount / 3) }
    await ask(payment, { kind: 'refund', path: '/v1/refunds', body })
  }
}

/** What becomes of a hold: captured, canceled, both at once, or left. */
const resolve = async (ask: Asking, random: Random, paid: Paid): Promise<void> => {
  const { payment, id, amount } = paid
  const path = `/v1/payment_intents/${id}`
  const half = Math.ceil(amount / 2)
  const part = random.chance(0.5) ? {} : { amount_to_capture: half }
  const capture = { kind: 'capture', path: `${path}/capture`, body: part } as const
  const cancel = { kind: 'cancel', path: `${path}/cancel`, body: {} } as const
  const draw = random.below(10)
  if (draw < 4) {
    const { class: became } = await ask(payment, capture)
    if (became === 'done') await giveBack(ask, random, { ...paid, amount: half })
  } else if (draw < 7) await ask(payment, cancel)
  else if (draw < 9) await Promise.all([ask(payment, capture), ask(payment, cancel)])
}

const shop = async (ask: Asking, { journal, run, random }: ShoppersOptions): Promise<void> => {
  const payment = journal.next()
  const card = random.pick(NAMES)
  const amount = AMOUNT_LEAST + random.below(AMOUNTS)
  const body = {
    amount,
    currency: 'eur',
    payment_method: `pm_card_${card}`,
    confirm: true,
    capture_method: random.chance(0.4) ? 'manual' : 'automatic',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    metadata: { run, payment: String(payment), card },
  }
  const paid = await ask(payment, { kind: 'pay', path: '/v1/payment_intents', body })
  if (paid.class !== 'done') return
  const { id, status } = paid
  if (status === 'succeeded') await giveBack(ask, random, { payment, id, amount })
  if (status === 'requires_capture') await resolve(ask, random, { payment, id, amount })
}

export const startShoppers = (options: ShoppersOptions): Shoppers => {
  let stopping = false
  let answered = 0
  const ask = askOver(options, () => {
    answered += 1
  })
  const shopping = new Set<Promise<void>>()
  const begin = async (): Promise<void> => {
    while (!stopping) {
      if (shopping.size < (options.atOnceMost ?? WAITING_MOST)) {
        const one = shop(ask, options)
        shopping.add(one)
        void one.finally(() => shopping.delete(one))
      }
      await pause(BEGIN_EVERY_MS)
    }
  }
  const beginning = begin()
  return {
    answered: () => answered,
    finish: async () => {
      stopping = true
      await beginning
      await Promise.all(shopping)
    },
  }
}
