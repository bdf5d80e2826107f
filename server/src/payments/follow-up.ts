import type { Draft, Round } from '../database/index.ts'
import { setTimer } from '../database/index.ts'
import { assert, type Uuid } from '../kit/index.ts'
import type { Authorised, Declined } from '../rails/index.ts'
import { canceled } from './core/capture.ts'
import { captured } from './core/charges.ts'
import { isOpen } from './core/machine.ts'
import type { Attempt, Charge, Intent } from './core/model.ts'
import { declareHeld, declareHolder, giveBackOf } from './give-back.ts'
import { HEAL_PAUSES_MS } from './limits.ts'
import { declareRelease, declareTaking, postRelease, takeMoney } from './postings.ts'
import type { Settling } from './settling.ts'
import { attempts, charges, intents } from './store/tables.ts'
import {
  EXPIRY_TIMER,
  healLater,
  healNoMore,
  putAttempt,
  putIntent,
  requestOf,
  tellCharge,
  tellIntent,
} from './world.ts'

/** A void whose answer never comes ends the payment all the same: the hold at the issuer ends by itself. */
export const endsPayment = (order: Attempt['order'], answer: Authorised): boolean =>
  order === 'void' && answer.kind !== 'declined'

export const followUpReads = ({ attempt, answer, ids }: Settling): Round[] => [
  (declare) => {
    declare(intents.table, attempt.intent)
    declare(attempts.table, attempt.id)
    declare(charges.table, attempt.charge)
    declareHolder(declare, attempt)
    if (endsPayment(attempt.order, answer)) declareRelease(declare, attempt, ids.transaction)
    if (attempt.order === 'capture' && answer.kind === 'succeeded') declareTaking(declare, attempt, ids, true)
  },
  (declare, found) => declareHeld(declare, found, attempt),
]

type Rows = { readonly intent: Intent; readonly attempt: Attempt; readonly charge: Charge }

const rowsOf = (draft: Draft, of: Attempt): Rows => {
  const intent = draft.get(intents.table, of.intent)
  const attempt = draft.get(attempts.table, of.id)
  const charge = draft.get(charges.table, of.charge)
  assert(intent !== undefined && attempt !== undefined && charge !== undefined, 'an order has its rows')
  return { intent, attempt, charge }
}

const expireNoMore = (draft: Draft, charge: Uuid): void =>
  setTimer(draft, { kind: EXPIRY_TIMER, subject: charge, dueMicros: null })

const capture = (draft: Draft, { world, ids }: Settling, rows: Rows): Intent => {
  const { attempt, charge } = rows
  const request = requestOf(attempt)
  const { amount } = attempt
  const transaction = takeMoney(draft, {
    of: attempt,
    ids,
    charge,
    amount,
    isHeld: true,
    settings: world.settings,
  })
  const taken = captured(
    {
      ...charge,
      statementDescriptor: rows.intent.statementDescriptor,
      statementDescriptorSuffix: rows.intent.statementDescriptorSuffix,
    },
    amount,
    transaction,
  )
  draft.put(charges.table, taken.id, taken)
  giveBackOf(draft, attempt, charge.amount - amount)
  expireNoMore(draft, charge.id)
  putAttempt(draft, { ...attempt, state: 'succeeded' })
  const intent = putIntent(draft, {
    ...rows.intent,
    status: 'succeeded',
    amountCapturable: 0n,
    amountReceived: amount,
  })
  tellCharge(draft, world, 'captured', taken, request)
  tellIntent(draft, world, 'succeeded', intent, request)
  return intent
}

const cancel = (draft: Draft, { world, ids, answer }: Settling, rows: Rows): Intent => {
  const { attempt, charge } = rows
  const isTold = answer.kind === 'succeeded'
  if (rows.intent.status === 'canceled') {
    if (isTold) putAttempt(draft, { ...attempt, state: 'succeeded' })
    return rows.intent
  }
  postRelease(draft, attempt, ids.transaction)
  const released = { ...charge, hold: null }
  draft.put(charges.table, charge.id, released)
  giveBackOf(draft, attempt)
  expireNoMore(draft, charge.id)
  putAttempt(draft, { ...attempt, state: isTold ? 'succeeded' : 'unknown', enquiries: attempt.enquiries + 1 })
  const intent = putIntent(draft, canceled(rows.intent, attempt.reason, draft.now))
  tellIntent(draft, world, 'canceled', intent, requestOf(attempt))
  return intent
}

/** The rail will not: the money is still held, and may be captured or canceled again. */
const refuse = (draft: Draft, rows: Rows, _answer: Declined): Intent => {
  putAttempt(draft, { ...rows.attempt, state: 'declined' })
  return rows.intent.status === 'processing'
    ? putIntent(draft, { ...rows.intent, status: 'requires_capture' })
    : rows.intent
}

const wait = (draft: Draft, { world }: Settling, rows: Rows, state: 'pending' | 'unknown'): Intent => {
  const { attempt } = rows
  putAttempt(draft, { ...attempt, state, enquiries: attempt.enquiries + 1 })
  if (rows.intent.status === 'processing') return rows.intent
  const intent = putIntent(draft, { ...rows.intent, status: 'processing' })
  tellIntent(draft, world, 'processing', intent, requestOf(attempt))
  return intent
}

/** Takes in what the rail says of a capture or a void. What is late, or comes twice, changes nothing. */
export const followUpInDraft = (draft: Draft, settling: Settling): Intent => {
  const rows = rowsOf(draft, settling.attempt)
  const { answer } = settling
  const { attempt } = rows
  if (!isOpen(attempt.state)) return rows.intent
  assert(answer.kind !== 'requires_action', 'a customer is not asked to authenticate a capture')
  const isOver = answer.kind === 'succeeded' || answer.kind === 'declined'
  if (isOver) healNoMore(draft, attempt)
  else healLater(draft, attempt, HEAL_PAUSES_MS[Math.min(attempt.enquiries, HEAL_PAUSES_MS.length - 1)])
  if (answer.kind === 'declined') return refuse(draft, rows, answer)
  if (attempt.order === 'void') return cancel(draft, settling, rows)
  return answer.kind === 'succeeded'
    ? capture(draft, settling, rows)
    : wait(draft, settling, rows, answer.kind)
}
