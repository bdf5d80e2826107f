import { type Day, MICROS_PER_DAY, type Micros, type Minor, type Uuid } from '../../kit/index.ts'
import { REPEATED_IDS } from '../limits.ts'
import type { Verdict } from './agreement.ts'
import type { AccountCommand, TransferCommand } from './commands.ts'
import { createKnownIds } from './known-ids.ts'
import type { Movement } from './lines.ts'
import { createOpenings, type Identify, recordable } from './openings.ts'
import type { Profile } from './profile.ts'

export type PlanOptions = {
  readonly profile: Profile
  readonly identify: Identify
  /** SHA-256 of the file: part of the ids of lines that bear no id of their own. */
  readonly fileDigest: string
  readonly settle: boolean
}

/** What one line asks of the ledger. */
export type PlannedLine = {
  /** Accounts to open before the transfers: the customer's at its first line, our own at the file's first. */
  readonly accounts: readonly AccountCommand[]
  /** The movement, and after it the settlement where there is one. */
  readonly transfers: readonly TransferCommand[]
  /** An earlier line of the same account bears the same id. */
  readonly repeatedId: boolean
}

export type Planner = {
  readonly plan: (movement: Movement, verdict: Verdict) => PlannedLine | { readonly refused: string }
}

/** Each line takes this many microseconds: one each for its account, its movement and its settlement. */
const LINE_MICROS = 4n
const MILLIS_PER_DAY = 86_400_000

type Post = {
  readonly id: Uuid
  readonly customer: Uuid
  readonly other: Uuid
  readonly amount: Minor
  readonly code: number
  readonly timeMicros: Micros
  readonly metadata: Readonly<Record<string, string>> | null
}

/** A transfer that raises the customer's balance by the amount, or lowers it when that is below zero. */
const transferOf = (profile: Profile, movement: Movement, post: Post): TransferCommand => {
  const raises = post.amount >= 0n
  const credits = raises === (profile.accounts.normalSide === 'credit')
  return {
    id: post.id,
    debit: credits ? post.other : post.customer,
    credit: credits ? post.customer : post.other,
    amount: raises ? post.amount : -post.amount,
    pendingId: null,
    ledger: profile.ledger.number,
    code: post.code,
    flags: ['imported'],
    timeoutS: 0,
    userData: 0n,
    timeMicros: post.timeMicros,
    currency: null,
    externalReference: movement.externalId,
    bookDate: movement.date,
    valueDate: movement.valueDate,
    metadata: post.metadata,
  }
}

/** Ids of movements: by the old system's id where there is one, else by file and line. */
const createMovementIds = (options: PlanOptions) => {
  const { profile, identify, fileDigest } = options
  const known = createKnownIds()
  const repeats = new Map<Uuid, number>()
  return (movement: Movement): { id: Uuid; repeatedId: boolean } | { readonly refused: string } => {
    const { account, externalId, line, day } = movement
    const millis = day * MILLIS_PER_DAY
    const make = (...parts: readonly (string | number)[]): Uuid =>
      identify(JSON.stringify(['movement', profile.name, account, ...parts]), millis)
    if (externalId === null) return { id: make('line', fileDigest, line), repeatedId: false }
    const id = make('id', externalId)
    const added = known.add(id)
    if (added === true) return { id, repeatedId: false }
    const nth = (repeats.get(id) ?? 1) + 1
    if (added === 'full')
      return { refused: 'the file has more lines with ids than can be told apart; split it' }
    if (nth === 2 && repeats.size >= REPEATED_IDS) {
      return {
        refused: `more than ${REPEATED_IDS} ids are borne by several lines; take columns.external_id out`,
      }
    }
    repeats.set(id, nth)
    return { id: make('id', externalId, nth), repeatedId: true }
  }
}

/** The next line's time: midnight (UTC) of its date, or just after the line before it where that is later. */
const nextMicros = (day: Day, last: Micros): Micros => {
  const midnight = BigInt(day) * MICROS_PER_DAY
  const next = last + LINE_MICROS
  return midnight > next ? midnight : next
}

/**
 * Turns movements into commands. All of them are made as imported ones. Their recorded times begin at midnight (UTC)
 * of the line's date and rise from line to line of the file; where dates go back in the file the time goes on
 * from the latest one, and the book date alone says the day.
 */
export const createPlanner = (options: PlanOptions): Planner => {
  const { profile, identify, settle } = options
  const openings = createOpenings(profile, identify)
  const movementId = createMovementIds(options)
  let timeMicros: Micros | null = null

  const movementOf = (movement: Movement, id: Uuid, micros: Micros): TransferCommand => {
    const { account, counterAccount, metadata, externalId, line, amount } = movement
    return transferOf(profile, movement, {
      id,
      customer: openings.customerId(account),
      other: openings.ownId(counterAccount.reference),
      amount,
      code: counterAccount.code,
      timeMicros: recordable(micros),
      metadata: externalId === null ? { ...metadata, import_line: String(line) } : metadata,
    })
  }

  const settlementOf = (movement: Movement, verdict: Verdict, post: { id: Uuid; micros: Micros }) =>
    transferOf(profile, movement, {
      id: identify(JSON.stringify(['settlement', post.id]), movement.day * MILLIS_PER_DAY),
      customer: openings.customerId(movement.account),
      other: openings.ownId(profile.differencesAccount.reference),
      amount: verdict.difference,
      code: profile.differencesAccount.code,
      timeMicros: recordable(post.micros),
      metadata: { import_line: String(movement.line), difference: verdict.kind ?? '' },
    })

  const plan = (movement: Movement, verdict: Verdict): PlannedLine | { readonly refused: string } => {
    const named = movementId(movement)
    if ('refused' in named) return named
    const accounts: AccountCommand[] = []
    if (timeMicros === null) {
      const startMicros = BigInt(movement.day) * MICROS_PER_DAY + 1n
      accounts.push(...openings.openOwn(startMicros))
      timeMicros = startMicros + BigInt(accounts.length)
    }
    const micros = nextMicros(movement.day, timeMicros)
    timeMicros = micros
    if (verdict.first) accounts.push(openings.openCustomer(movement.account, micros))
    const transfers = [movementOf(movement, named.id, micros + 1n)]
    if (settle && verdict.kind !== null) {
      transfers.push(settlementOf(movement, verdict, { id: named.id, micros: micros + 2n }))
    }
    return { accounts, transfers, repeatedId: named.repeatedId }
  }

  return { plan }
}
