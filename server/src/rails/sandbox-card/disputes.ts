import type { Micros } from '../../kit/index.ts'
import type { DisputeTaken, Notification } from '../port/index.ts'
import { DECISION_DELAY_MICROS, EVIDENCE_TIME_MICROS } from './limits.ts'
import { idOf, type Planned } from './plan.ts'
import { writeNotifications } from './rows.ts'
import { railOfKey, type SandboxRail } from './sandbox-rails.ts'
import { readDay, type Transaction } from './transaction.ts'

/*
 * A case at the acquirer:
 *
 *   state     what happens                                          then
 *   planned   the payment was taken; the case comes later           opened, or inquiry
 *   inquiry   evidence with escalate_inquiry_evidence               opened
 *             any other evidence with a decision, or nothing said   closed
 *   opened    evidence with winning_evidence                        won
 *             evidence with losing_evidence, or given up            lost
 *             the evidence's time is over                           lost
 *   won, lost, closed                                               final
 */

type State = 'inquiry' | 'opened' | 'won' | 'lost' | 'closed'

type Case = {
  readonly id: string
  readonly of: string
  readonly amount: bigint
  readonly currency: string
  readonly reason: string
  readonly state: State | 'planned'
  readonly evidenceDueMicros: Micros
}

/** What evidence leads to; null: nothing before its time is over. */
export const decisionOf = (state: string, text: string): State | null => {
  if (state === 'inquiry') {
    if (text.includes('escalate_inquiry_evidence')) return 'opened'
    return text.includes('winning_evidence') || text.includes('losing_evidence') ? 'closed' : null
  }
  if (text.includes('winning_evidence')) return 'won'
  return text.includes('losing_evidence') ? 'lost' : null
}

const COLUMNS = 'id, "of", amount, currency, reason, state, evidence_due_micros'

const readCase = (row: readonly unknown[]): Case => ({
  id: row[0] as string,
  of: row[1] as string,
  amount: row[2] as bigint,
  currency: row[3] as string,
  reason: row[4] as string,
  state: row[5] as Case['state'],
  evidenceDueMicros: row[6] as bigint,
})

const lockCase = async ({ tenant, run }: Transaction, id: string): Promise<Case | null> => {
  const [row] = await run({
    name: 'dispute_lock',
    text: `select ${COLUMNS} from rails.disputes where tenant = $1 and id = $2 for update`,
    values: [tenant, id],
  })
  return row === undefined ? null : readCase(row)
}

const writeCase = async (
  { tenant, run }: Transaction,
  id: string,
  state: State,
  evidenceDueMicros: Micros,
): Promise<void> => {
  await run({
    name: 'dispute_write',
    text: 'update rails.disputes set state = $3, evidence_due_micros = $4 where tenant = $1 and id = $2',
    values: [tenant, id, state, evidenceDueMicros],
  })
}

type Told = Extract<Notification, { readonly type: 'dispute' }>

const toldOf = (
  found: Case,
  state: State,
  evidenceDueMicros: Micros | null,
): Omit<Told, 'id' | 'tenant'> => ({
  type: 'dispute',
  dispute: found.id,
  of: found.of,
  amount: found.amount,
  currency: found.currency,
  state,
  reason: found.reason,
  evidenceDueMicros,
})

/** Records a decision, and plans to tell it. An inquiry that becomes a dispute has the evidence's time once more. */
const decide = async (
  transaction: Transaction,
  found: Case,
  state: State,
  { nowMicros, dueMicros }: { readonly nowMicros: Micros; readonly dueMicros: Micros },
): Promise<void> => {
  const isOpen = state === 'opened'
  const evidenceDueMicros = isOpen ? nowMicros + EVIDENCE_TIME_MICROS : found.evidenceDueMicros
  await writeCase(transaction, found.id, state, evidenceDueMicros)
  const notifications: Planned[] = [
    {
      id: idOf('sbxn', found.id, state),
      subject: found.of,
      dueMicros,
      position: 0,
      body: toldOf(found, state, isOpen ? evidenceDueMicros : null),
    },
  ]
  if (isOpen) {
    notifications.push({
      id: idOf('sbxn', found.id, 'escalated'),
      subject: found.of,
      dueMicros: evidenceDueMicros,
      position: 0,
      body: { type: 'deadline', dispute: found.id },
    })
  }
  await transaction.run(writeNotifications(transaction.tenant, notifications))
}

const isWaiting = ({ state }: Case): boolean => state === 'inquiry' || state === 'opened'

/** Takes evidence, or null for giving up, and decides by it. */
export const answerCase = async (
  transaction: Transaction,
  rail: SandboxRail,
  id: string,
  text: string | null,
): Promise<DisputeTaken> => {
  const { nowMicros } = await readDay(transaction)
  const found = await lockCase(transaction, id)
  if (found === null || found.state === 'planned' || railOfKey(found.of) !== rail)
    return { kind: 'not_found' }
  if (!isWaiting(found)) return { kind: 'closed' }
  const given = found.state === 'inquiry' ? ('closed' as const) : ('lost' as const)
  const state = text === null ? given : decisionOf(found.state, text)
  if (state !== null)
    await decide(transaction, found, state, { nowMicros, dueMicros: nowMicros + DECISION_DELAY_MICROS })
  return { kind: 'taken' }
}

/** The evidence's time is over. An inquiry that was escalated meanwhile has a later time, and an alarm of its own. */
export const passDeadline = async (
  transaction: Transaction,
  id: string,
  dueMicros: Micros,
  nowMicros: Micros,
): Promise<void> => {
  const found = await lockCase(transaction, id)
  if (found === null || !isWaiting(found) || found.evidenceDueMicros > dueMicros) return
  await decide(transaction, found, found.state === 'inquiry' ? 'closed' : 'lost', { nowMicros, dueMicros })
}

/** What a told state does to the money: taken back when the dispute opens, given back when it is won. */
export const applyCase = async (
  { tenant, run }: Transaction,
  { dispute, state }: Pick<Told, 'dispute' | 'state'>,
  day: number,
): Promise<boolean> => {
  const rows = await run({
    name: 'dispute_apply',
    text: `update rails.disputes
              set state = case when state = 'planned' then $3 else state end,
                  opened_day = case when $3 = 'opened' then coalesce(opened_day, $4) else opened_day end,
                  reversed_day = case when $3 = 'won' then coalesce(reversed_day, $4) else reversed_day end
            where tenant = $1 and id = $2 returning 1`,
    values: [tenant, dispute, state, day],
  })
  return rows.length > 0 && (state === 'opened' || state === 'won')
}
