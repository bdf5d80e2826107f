import type { ClientBase } from 'pg'
import type { Statement } from '../../database/index.ts'
import { showDay, type TenantId } from '../../kit/index.ts'
import { subjectOf } from '../closing/views.ts'
import type { Closing } from '../core/index.ts'
import { EntriesHash } from '../figures/digest.ts'
import { FORM } from '../figures/lines.ts'
import { type Ask, pagesOfTransfers, trialLinesOf } from '../figures/read-figures.ts'
import { readClosing, standingClosings } from '../store/closings.ts'
import type { Sheets } from './sheets.ts'

/** All statements see the transaction's one moment. */
export const askWithin =
  (client: ClientBase): Ask =>
  async ({ text, values }: Statement) =>
    (await client.query<unknown[]>({ text, values: [...values], rowMode: 'array' })).rows

type Options = { readonly tenant: TenantId; readonly sheets: Sheets; readonly onBegin: () => void }

const describe = (closing: Closing): Record<string, string> => ({
  closing: subjectOf(closing),
  from: closing.after === null ? 'the beginning' : showDay(closing.after + 1),
  through: showDay(closing.through),
})

/** The closing whose period holds a day, of closings in the order of their days. */
const holding = (closings: readonly Closing[], day: number): number =>
  closings.findIndex(({ through }) => day <= through)

const inOrder = (closings: readonly Closing[], { tenant, sheets }: Options): void => {
  let before: number | null = null
  for (const closing of closings) {
    if (closing.after !== before)
      sheets.closed_periods.find(
        tenant,
        'a closed period does not begin where the one before it ends',
        describe(closing),
      )
    before = closing.through
  }
}

const compareOne = async (
  ask: Ask,
  { tenant, sheets }: Options,
  { closing, hash }: { readonly closing: Closing; readonly hash: EntriesHash },
): Promise<void> => {
  const { digest, entries } = hash.figures(await trialLinesOf(ask, tenant, closing.through))
  if (closing.digest === null) {
    sheets.closed_periods.note(
      `Tenant ${tenant}: the period through ${showDay(closing.through)} is closed and not added up yet. A server does it within minutes.`,
    )
  } else if (closing.form !== FORM) {
    sheets.closed_periods.find(
      tenant,
      'the digest of a closed period has a form that this release does not know',
      {
        ...describe(closing),
        form: closing.form,
      },
    )
  } else if (closing.digest !== digest || closing.entries !== entries) {
    sheets.closed_periods.find(tenant, 'a closed period does not add up to what it was closed with', {
      ...describe(closing),
      closed_with: closing.digest,
      entries: closing.entries,
      now: digest,
      entries_now: entries,
    })
  }
}

/** Adds every closed period up again, all in one pass over the transfers. Without closings it costs nothing. */
export const compareClosings = async (client: ClientBase, options: Options): Promise<void> => {
  const { tenant, sheets } = options
  const ask = askWithin(client)
  const closings = (await ask(standingClosings(tenant))).map(readClosing)
  const last = closings.at(-1)
  if (last === undefined) return
  options.onBegin()
  inOrder(closings, options)
  const hashes = closings.map((closing) => ({ closing, hash: new EntriesHash() }))
  const period = { after: null, through: last.through }
  for await (const { transfers } of pagesOfTransfers(ask, tenant, period)) {
    for (const transfer of transfers) hashes[holding(closings, transfer.bookDay)]?.hash.add(transfer)
    sheets.closed_periods.rows += transfers.length
  }
  for (const each of hashes) await compareOne(ask, options, each)
}
