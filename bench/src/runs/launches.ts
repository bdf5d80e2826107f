import { type PaymentsStand, payments } from '../benchmarks/payments.ts'
import { checkBooks, Tally } from '../books.ts'
import type { Sandbox } from '../database.ts'
import { askOnce } from '../http/ask.ts'
import {
  attachRequest,
  customerRequest,
  type SavedCard,
  savedPaymentRequest,
} from '../http/payment-requests.ts'
import { openReceiver } from '../http/receiver.ts'
import { startLaunches } from '../launching.ts'
import { describeMachine } from '../machine.ts'
import { createMeter } from '../meter.ts'
import type { Report } from '../report/json.ts'
import { ratiosOf } from '../report/ratios.ts'
import { targetsOf } from '../report/targets.ts'
import { type Benchmark, type Measured, runInTurn } from '../runner.ts'
import { type Stand, withStand } from '../stand.ts'
import { medianInterval, ratiosByRound } from '../statistics.ts'
import type { RunOptions } from './options.ts'

const CONNECTIONS = 64

const idIn = (answer: string): string => (JSON.parse(answer) as { readonly id: string }).id

const saveCards = async (port: number, { key }: Sandbox, count: number): Promise<readonly SavedCard[]> => {
  const cards: SavedCard[] = []
  for (let index = 0; index < count; index += 1) {
    const customer = idIn(await askOnce(port, customerRequest(key)))
    cards.push({ customer, paymentMethod: idIn(await askOnce(port, attachRequest(key, customer))) })
  }
  return cards
}

/** Payments of customers with saved cards, in a sandbox of their own with so many live launches. */
const benchmarkOf = async (
  stand: Stand,
  common: Omit<PaymentsStand, 'sandbox' | 'made'>,
  count: number,
): Promise<Benchmark> => {
  const sandbox = await stand.createSandbox(`launches-${count}`)
  const { port } = common.server
  const cards = await saveCards(port, sandbox, common.sizes.launchesCustomers)
  await startLaunches(stand, port, sandbox, count)
  let next = 0
  const request = (): string => {
    const card = cards[next++ % cards.length]
    if (card === undefined) throw new Error('there are customers')
    return savedPaymentRequest(sandbox.key, card)
  }
  const what = `payments with ${count} live launches, ${CONNECTIONS} connections`
  const benchmark = payments(
    { ...common, sandbox, made: [] },
    { key: `launches_${count}`, what, width: CONNECTIONS, request },
  )
  return { ...benchmark, roundMs: common.sizes.launchesMs }
}

const sayIntervals = ([none, ...others]: readonly Measured[], tell: RunOptions['tell']): void => {
  if (none === undefined) return
  for (const { key, rounds } of others) {
    const [low, high] = medianInterval(ratiosByRound(rounds, none.rounds))
    tell(`${key} / ${none.key}: the median lies between ${low.toFixed(3)} and ${high.toFixed(3)} (95 %)`)
  }
}

/** Payments with no launch, with one and with many, in turn. */
export const runLaunches = async (options: RunOptions): Promise<Report> => {
  const { within, tell, sizes } = options
  tell('making a database')
  return withStand({ within }, async (stand) => {
    const { admin, folder, postmaster } = stand
    const machine = await describeMachine(admin, folder)
    const tally = new Tally()
    const server = await stand.startServer()
    const receiver = await openReceiver()
    try {
      const common = { server, receiver, admin, tally, sizes }
      const benchmarks: Benchmark[] = []
      for (const count of [0, 1, sizes.launchesMany]) {
        tell(`a sandbox with ${count} live launches`)
        benchmarks.push(await benchmarkOf(stand, common, count))
      }
      const measured = await runInTurn(
        createMeter(postmaster),
        {
          benchmarks,
          rounds: sizes.launchesRounds,
          roundsLeast: sizes.launchesRounds,
          untilMs: Number.POSITIVE_INFINITY,
        },
        tell,
      )
      sayIntervals(measured, tell)
      tell('verifying the books')
      const books = await checkBooks(stand, tally)
      const ratios = ratiosOf(measured)
      return { machine, measured, ratios, targets: targetsOf(measured, ratios), books }
    } finally {
      await receiver.close()
    }
  })
}
