import { type Day, type Micros, sha256, showDay } from '../../kit/index.ts'
import type { Settlement } from '../port/index.ts'
import type { Knobs } from './knobs.ts'
import { COST_FIXED_MINOR, COST_PER_THOUSAND, RATE_MOST, SETTLEMENT_LINES_MOST } from './limits.ts'
import type { Planned } from './plan.ts'
import { SETTLEMENTS } from './rows.ts'
import { keyOf, referenceOfKey, type SandboxRail, settlementsOf } from './sandbox-rails.ts'
import type { Transaction } from './transaction.ts'

type Line = Settlement['lines'][number]

/** Half a percent, rounded down to a whole minor unit, and five minor units: for captures only. */
export const costOf = (kind: Line['kind'], amount: bigint): bigint =>
  kind === 'capture' ? (amount * COST_PER_THOUSAND) / 1_000n + COST_FIXED_MINOR : 0n

type Asked = { readonly rail: SandboxRail; readonly day: Day; readonly currency: string }

const loadLines = async ({ tenant, run }: Transaction, { rail, day, currency }: Asked): Promise<Line[]> => {
  const rows = await run({
    name: 'settlement_lines',
    text: `select reference, case kind when 'refund' then 'refund' else 'capture' end as kind,
                  case kind when 'refund' then -amount else amount end as amount
             from rails.orders where tenant = $1 and settle_day = $2 and currency = $3 and rail = $4 and status = 'succeeded'
           union all
           select "of", 'chargeback', -amount from rails.disputes
            where tenant = $1 and opened_day = $2 and currency = $3 and rail = $4
           union all
           select "of", 'chargeback_reversal', amount from rails.disputes
            where tenant = $1 and reversed_day = $2 and currency = $3 and rail = $4
            order by 1, 2`,
    values: [tenant, day, currency, rail],
  })
  return rows.map(([key, kind, amount]) => {
    const reference = referenceOfKey(key as string)
    const line = { reference, kind: kind as Line['kind'], amount: amount as bigint }
    return { ...line, cost: costOf(line.kind, line.amount) }
  })
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n)

const settlementOf = (id: string, day: Day, currency: string, lines: readonly Line[]): Settlement => {
  const gross = sum(lines.map(({ amount }) => amount))
  const cost = sum(lines.map((line) => line.cost))
  return { id, day: showDay(day), currency, gross, cost, net: gross - cost, lines }
}

/** The planted error: one minor unit is missing in the first line, and so in the sum. */
const spoiled = (lines: readonly Line[]): readonly Line[] =>
  lines.map((line, index) => (index === 0 ? { ...line, amount: line.amount - 1n } : line))

export const idOfSettlement = ({ rail, day, currency }: Asked, part: number): string =>
  `${settlementsOf(rail)}_${day}_${currency.toLowerCase()}_${part}`

const DIGEST_MOST = 2 ** 32

/** The planted fault of debiting twice: the same captures whenever the settlement is made. */
const posted = (lines: readonly Line[], rate: number): readonly Line[] =>
  rate === 0
    ? lines
    : lines.flatMap((line) => {
        const share = sha256(`posted ${line.reference}`).readUInt32BE(0) / DIGEST_MOST
        return line.kind === 'capture' && share * RATE_MOST < rate ? [line, line] : [line]
      })

/** What the acquirer pays for a day in one currency, in as many settlements as it takes. */
export const planSettlements = async (
  transaction: Transaction,
  { dueMicros, ...asked }: Asked & { readonly dueMicros: Micros },
  knobs: Pick<Knobs, 'settle_wrong' | 'double_post_rate'>,
): Promise<readonly Planned[]> => {
  const { rail, day, currency } = asked
  const lines = posted(await loadLines(transaction, asked), knobs.double_post_rate)
  const planned: Planned[] = []
  for (let from = 0; from < lines.length; from += SETTLEMENT_LINES_MOST) {
    const part = lines.slice(from, from + SETTLEMENT_LINES_MOST)
    const id = idOfSettlement(asked, planned.length + 1)
    const settlement = settlementOf(id, day, currency, knobs.settle_wrong ? spoiled(part) : part)
    planned.push({
      id,
      subject: keyOf(rail, SETTLEMENTS),
      dueMicros,
      position: planned.length + 1,
      body: { type: 'settlement', settlement },
    })
  }
  return planned
}

/** One line for each of the settlement's, with a head; amounts in minor units. */
export const csvOf = (settlement: Settlement): string =>
  [
    'settlement,day,currency,reference,kind,amount,cost,net',
    ...settlement.lines.map(({ reference, kind, amount, cost }) =>
      [settlement.id, settlement.day, settlement.currency, reference, kind, amount, cost, amount - cost].join(
        ',',
      ),
    ),
    '',
  ].join('\n')
