import type { Day, Micros, Reasons, Uuid } from '../../kit/index.ts'

/** A period that was closed: from the day after the closing before it to its last day. */
export type Closing = {
  readonly number: number
  readonly id: Uuid
  /** The last day of the closing before it; null: the period holds everything from the beginning. */
  readonly after: Day | null
  readonly through: Day
  readonly createdMicros: Micros
  /** Null until the period's figures are added up, which begins when it is closed. */
  readonly digest: string | null
  readonly entries: bigint | null
  /** How the digest is made. */
  readonly form: number
  readonly reopenedMicros: Micros | null
  readonly reopenedReason: string | null
}

/** What of the books is closed: the closings that stand, the earliest first, and how many there ever were. */
export type Closed = { readonly count: number; readonly standing: readonly Closing[] }

export const NOTHING_CLOSED: Closed = { count: 0, standing: [] }

/** Why a period cannot be closed or reopened, in order of precedence. */
export const CLOSING_REASONS = {
  older_release_running: {
    kind: 'invalid',
    message:
      'A process of an older release works on this database, which does not know closed periods. Stop it, or upgrade it, and close then.',
  },
  closing_date_not_over: {
    kind: 'invalid',
    param: 'date',
    message: 'The day is not over in these books’ time zone. Only days before today can be closed.',
  },
  period_already_closed: {
    kind: 'invalid',
    param: 'date',
    message: 'The books are closed through that day or a later one.',
  },
  reason_missing: { kind: 'invalid', param: 'reason', message: 'Say in words why the period is reopened.' },
  nothing_closed: { kind: 'invalid', message: 'No period of these books is closed.' },
  date_not_closed: { kind: 'invalid', param: 'date', message: 'That day is in no closed period.' },
  reopened_meanwhile: {
    kind: 'invalid',
    message: 'The period was reopened by somebody else before its figures were added up.',
  },
} as const satisfies Reasons

export type ClosingReason = keyof typeof CLOSING_REASONS

/** The last day that is closed. */
export const closedThrough = ({ standing }: Closed): Day | null => standing.at(-1)?.through ?? null

type Wanted = { readonly through: Day; readonly today: Day }

/**
 * Whether the books can be closed through a day. What is booked without a date is booked on its own day, which is never
 * before today, so nobody who names no date meets a closed period. `again`: it is closed, and not added up yet.
 */
export const decideClose = (
  closed: Closed,
  { through, today }: Wanted,
):
  | { readonly kind: 'refused'; readonly reason: ClosingReason }
  | { readonly kind: 'again'; readonly closing: Closing }
  | { readonly kind: 'closes'; readonly number: number; readonly after: Day | null } => {
  if (through >= today) return { kind: 'refused', reason: 'closing_date_not_over' }
  const last = closed.standing.at(-1)
  if (last !== undefined && last.through === through && last.digest === null)
    return { kind: 'again', closing: last }
  if (last !== undefined && through <= last.through)
    return { kind: 'refused', reason: 'period_already_closed' }
  return { kind: 'closes', number: closed.count + 1, after: last?.through ?? null }
}

/** Reopens the closing that holds the day, and all later ones: a closed period never has an open one before it. */
export const decideReopen = (
  closed: Closed,
  day: Day,
):
  | { readonly kind: 'refused'; readonly reason: ClosingReason }
  | {
      readonly kind: 'reopens'
      readonly reopened: readonly Closing[]
      readonly standing: readonly Closing[]
    } => {
  const last = closedThrough(closed)
  if (last === null) return { kind: 'refused', reason: 'nothing_closed' }
  if (day > last) return { kind: 'refused', reason: 'date_not_closed' }
  return {
    kind: 'reopens',
    reopened: closed.standing.filter(({ through }) => through >= day),
    standing: closed.standing.filter(({ through }) => through < day),
  }
}

/** The closing with its figures added up; undefined when it does not stand any more. */
export const sealed = (
  closed: Closed,
  number: number,
  figures: { readonly digest: string; readonly entries: bigint },
): { readonly closing: Closing; readonly closed: Closed } | undefined => {
  const found = closed.standing.find((each) => each.number === number)
  if (found === undefined) return undefined
  if (found.digest !== null) return { closing: found, closed }
  const closing = { ...found, ...figures }
  const standing = closed.standing.map((each) => (each.number === number ? closing : each))
  return { closing, closed: { ...closed, standing } }
}
