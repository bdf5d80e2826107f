import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpEmpty } from '../benchmarks/http-transfers.ts'
import { fillPayments, paymentReads } from '../benchmarks/payment-reads.ts'
import { type PaymentsStand, payments, webhooks } from '../benchmarks/payments.ts'
import type { Tally } from '../books.ts'
import { askOnce } from '../http/ask.ts'
import {
  attachRequest,
  customerRequest,
  endpointRequest,
  PAYMENT_AMOUNT,
  PAYMENT_FEE,
  PAYMENTS_PATH,
  paymentRequest,
  type SavedCard,
  savedPaymentRequest,
} from '../http/payment-requests.ts'
import { openReceiver } from '../http/receiver.ts'
import type { Meter } from '../meter.ts'
import { type Measured, runInTurn } from '../runner.ts'
import type { Stand } from '../stand.ts'
import { chosen, isWanted, type RunOptions } from './options.ts'

const TAKING = ['payments_64', 'payments_256', 'payments_hot', 'empty_payments', 'webhooks'] as const
const READING = ['retrieve', 'list'] as const

export const PAYMENT_KEYS: readonly string[] = [...TAKING, ...READING]

const idIn = (answer: string): string => (JSON.parse(answer) as { readonly id: string }).id

const saveCard = async (port: number, key: string): Promise<SavedCard> => {
  const customer = idIn(await askOnce(port, customerRequest(key)))
  return { customer, paymentMethod: idIn(await askOnce(port, attachRequest(key, customer))) }
}

type Given = { readonly meter: Meter; readonly tally: Tally; readonly options: RunOptions }

const run = async (
  stand: Stand,
  paying: PaymentsStand,
  { meter, tally, options }: Given,
): Promise<Measured[]> => {
  const { sizes, tell, startedMs } = options
  const { server, sandbox, receiver } = paying
  await askOnce(server.port, endpointRequest(sandbox.key, receiver.url))
  const first = await askOnce(server.port, paymentRequest(sandbox.key))
  tally.add(sandbox, 2, BigInt(PAYMENT_AMOUNT + PAYMENT_FEE))
  paying.made.push(idIn(first))
  const answerFile = join(stand.folder, 'payment.json')
  writeFileSync(answerFile, first)
  const empty = await stand.startEmptyServer(answerFile, PAYMENTS_PATH)
  const saved = await saveCard(server.port, sandbox.key)
  const taking = (key: string, what: string, width: number, request: () => string) =>
    payments(paying, { key, what: `${what}, ${width} connections`, width, request })
  const one = () => paymentRequest(sandbox.key)
  const taken = await runInTurn(
    meter,
    {
      benchmarks: chosen(options, [
        taking('payments_64', 'a payment per request', 64, one),
        taking('payments_256', 'a payment per request', 256, one),
        taking('payments_hot', "one customer's saved card", 64, () =>
          savedPaymentRequest(sandbox.key, saved),
        ),
        httpEmpty({
          key: 'empty_payments',
          what: 'an empty endpoint that takes payments, 64 connections',
          width: 64,
          server: empty,
          requests: { count: sizes.paymentsMost, make: one },
          roundMs: sizes.paymentsMs,
        }),
        webhooks(paying, 64, one),
      ]),
      rounds: sizes.paymentsRounds,
      roundsLeast: sizes.roundsLeast,
      untilMs: startedMs + sizes.paymentsUntilMs,
    },
    tell,
  )
  if (!READING.some((key) => isWanted(options, key))) return taken
  tell(`filling up to ${sizes.paymentsFilled} payments`)
  await fillPayments(paying.admin, sandbox, sizes.paymentsFilled)
  const read = await runInTurn(
    meter,
    {
      benchmarks: chosen(options, paymentReads(paying, sizes.paymentsFilled)),
      rounds: sizes.roundsLeast,
      roundsLeast: sizes.roundsLeast,
      untilMs: Number.POSITIVE_INFINITY,
    },
    tell,
  )
  return [...taken, ...read]
}

/** Card payments over HTTP, with events written and an endpoint that listens, beside an empty endpoint; and reads. */
export const runPaymentsGroup = async (stand: Stand, given: Given): Promise<Measured[]> => {
  const { options, tally } = given
  options.tell('starting a server that takes payments')
  const server = await stand.startServer()
  const sandbox = await stand.createSandbox('payments')
  const receiver = await openReceiver()
  try {
    const { admin } = stand
    return await run(
      stand,
      { server, sandbox, receiver, admin, tally, sizes: options.sizes, made: [] },
      given,
    )
  } finally {
    await receiver.close()
  }
}
