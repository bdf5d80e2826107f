import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Answer } from './answers.ts'

/*
 * The record of the clients that pay: an append-only file. An order stands in it before a byte of it is sent, each
 * sending once more, and each answer when it has arrived.
 */

export type Kind = 'pay' | 'capture' | 'cancel' | 'refund'

/** `payment` numbers the payment that it is about; `key` is its Idempotency-Key for ever. */
export type Order = {
  readonly n: number
  readonly payment: number
  readonly kind: Kind
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  readonly key: string
}

type Line =
  | { readonly at: 'order'; readonly order: Order }
  | { readonly at: 'sent'; readonly n: number }
  | { readonly at: 'answered'; readonly n: number; readonly answer: Answer }

export type PaymentJournal = {
  readonly file: string
  readonly next: () => number
  readonly intend: (order: Order) => void
  readonly send: (n: number) => void
  readonly answer: (n: number, answer: Answer) => void
  readonly close: () => void
}

export const openPaymentJournal = (file: string): PaymentJournal => {
  const handle = openSync(file, 'ax', 0o600)
  let count = 0
  const write = (line: Line): void => {
    writeSync(handle, `${JSON.stringify(line)}\n`)
  }
  return {
    file,
    next: () => {
      count += 1
      return count
    },
    intend: (order) => write({ at: 'order', order }),
    send: (n) => write({ at: 'sent', n }),
    answer: (n, answer) => write({ at: 'answered', n, answer }),
    close: () => closeSync(handle),
  }
}

export type OrderStory = { readonly order: Order; readonly answers: readonly Answer[]; readonly sent: number }

export const readPaymentJournal = (file: string): OrderStory[] => {
  const stories = new Map<number, { order: Order; answers: Answer[]; sent: number }>()
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    if (text === '') continue
    const line = JSON.parse(text) as Line
    if (line.at === 'order') {
      stories.set(line.order.n, { order: line.order, answers: [], sent: 0 })
      continue
    }
    const story = stories.get(line.n)
    if (story === undefined) throw new Error(`the journal answers order ${line.n}, which it does not know`)
    if (line.at === 'sent') story.sent += 1
    else story.answers.push(line.answer)
  }
  return [...stories.values()]
}
