import { Type } from 'typebox'
import type { Receipt } from '../../audit/index.ts'
import { type Day, type Reply, secondsOf, showDay, showId, type Uuid } from '../../kit/index.ts'
import { type Closed, type Closing, closedThrough } from '../core/index.ts'
import { integer } from '../views.ts'

export const CLOSING_PREFIX = 'lc'

/** By which the audit log knows a closing. */
export const subjectOf = ({ id }: { readonly id: Uuid }): string => showId(CLOSING_PREFIX, id)

const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const nullableInteger = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description })

const receiptObject = Type.Object(
  {
    position: Type.Integer({ description: 'Of the entry in the audit log.' }),
    hash: Type.String({ description: 'Of the entry, in hexadecimal.' }),
  },
  { description: 'Keep it: it proves later that the entry stands as it stood.' },
)

const FIELDS = {
  id: Type.String({ description: 'lc_…' }),
  object: Type.Literal('ledger.closing'),
  created: Type.Integer({ description: 'When it was closed, by the tenant’s clock.' }),
  date: Type.String({ description: 'The last day that is closed, as YYYY-MM-DD in the tenant’s time zone.' }),
  digest: nullableText(
    'SHA-256 over the period’s statements and its trial balance, as `evenkeel export` writes them. Null while it is being added up.',
  ),
  entries: nullableInteger('Entries of the period’s statements: two for each transfer.'),
  from: nullableText(
    'The first day of the period: the day after the closing before it. Null: it holds everything from the beginning.',
  ),
  livemode: Type.Boolean(),
  number: Type.Integer({ description: 'The tenant’s own count of closings, from 1.' }),
  reopened: nullableInteger('When it was reopened. Null while it stands.'),
  reopened_reason: nullableText('Why it was reopened.'),
  status: Type.Enum(['sealing', 'closed', 'reopened'], {
    description: 'sealing: closed, and its figures are being added up; closed; reopened.',
  }),
}

export const closingObject = Type.Object(FIELDS)

/** A repeat of a request from long ago shows the closing as it is now, without it. */
export const closedObject = Type.Object({ ...FIELDS, receipt: Type.Optional(receiptObject) })

export const reopenedObject = Type.Object({
  object: Type.Literal('ledger.reopening'),
  closed_through: nullableText('The last day that is closed now. Null: none is.'),
  livemode: Type.Boolean(),
  reopened: Type.Array(closingObject, {
    description: 'The closings that do not stand any more, the earliest first.',
  }),
  receipt: Type.Optional(receiptObject),
})

export const dayAfter = (day: Day | null): string | null => (day === null ? null : showDay(day + 1))

const statusOf = ({ digest, reopenedMicros }: Closing): 'sealing' | 'closed' | 'reopened' => {
  if (reopenedMicros !== null) return 'reopened'
  return digest === null ? 'sealing' : 'closed'
}

export const showClosing = (closing: Closing, livemode: boolean) => ({
  id: subjectOf(closing),
  object: 'ledger.closing' as const,
  created: secondsOf(closing.createdMicros),
  date: showDay(closing.through),
  digest: closing.digest,
  entries: closing.entries === null ? null : integer(closing.entries),
  from: dayAfter(closing.after),
  livemode,
  number: closing.number,
  reopened: closing.reopenedMicros === null ? null : secondsOf(closing.reopenedMicros),
  reopened_reason: closing.reopenedReason,
  status: statusOf(closing),
})

export const showReopening = (closed: Closed, reopened: readonly Closing[], livemode: boolean) => {
  const through = closedThrough(closed)
  return {
    object: 'ledger.reopening' as const,
    closed_through: through === null ? null : showDay(through),
    livemode,
    reopened: reopened.map((closing) => showClosing(closing, livemode)),
  }
}

/** Whoever closed or reopened keeps the receipt. */
export const closingReply = (
  shown: ReturnType<typeof showClosing> | ReturnType<typeof showReopening>,
  receipt: Receipt | null,
): Reply => ({
  status: 200,
  body: JSON.stringify(receipt === null ? shown : { ...shown, receipt }),
  objectId: 'id' in shown ? shown.id : null,
  code: null,
})
