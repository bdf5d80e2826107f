import { setTimeout as pause } from 'node:timers/promises'
import { newUuid, type Uuid } from '../../../src/kit/index.ts'
import type { Journal } from '../oracle/journal.ts'
import { openConnection } from './connection.ts'
import { LEDGER, transferIntent } from './requests.ts'
import { type Place, sendOnce } from './send.ts'

/**
 * plain   no limit
 * rich    debits_must_not_exceed_credits, with so much money that no debit can be refused
 * poor    the same limit, with so little that some are
 */
export type Books = {
  readonly plain: readonly Uuid[]
  readonly rich: readonly Uuid[]
  readonly poor: readonly Uuid[]
}

const RICH_AMOUNT = 1_000_000_000_000
const POOR_AMOUNT = 20_000
const TRIES = 20
const PAUSE_MS = 100

export type AccountWanted = { readonly id: Uuid; readonly limited: boolean }

const bodyOf = ({ id, limited }: AccountWanted): object => ({
  id,
  ledger: LEDGER,
  code: 1,
  currency: 'eur',
  ...(limited ? { flags: ['debits_must_not_exceed_credits'] } : {}),
})

/** Opens accounts. The ids make it safe to ask again. */
export const openAccounts = async (place: Place, wanted: readonly AccountWanted[]): Promise<void> => {
  const connection = openConnection()
  const body = JSON.stringify({ accounts: wanted.map(bodyOf) })
  try {
    for (let attempt = 1; ; attempt++) {
      const seen = await connection.post({ ...place, path: '/v1/ledger/batches', body, key: null })
      if (seen.kind === 'answer' && seen.status === 200 && seen.body.includes('"refused":0')) return
      if (attempt === TRIES) throw new Error(`the accounts cannot be opened: ${JSON.stringify(seen)}`)
      await pause(PAUSE_MS)
    }
  } finally {
    connection.close()
  }
}

type Counts = { readonly plain: number; readonly rich: number; readonly poor: number }

const someIds = (count: number): Uuid[] => Array.from({ length: count }, () => newUuid(Date.now()))

/** Makes the accounts of a run, and pays in what the limited ones have. */
export const openBooks = async (
  run: { readonly journal: Journal; readonly prefix: string },
  place: Place,
  counts: Counts,
): Promise<Books> => {
  const plain = someIds(counts.plain)
  const rich = someIds(counts.rich)
  const poor = someIds(counts.poor)
  await openAccounts(place, [
    ...plain.map((id) => ({ id, limited: false })),
    ...[...rich, ...poor].map((id) => ({ id, limited: true })),
  ])
  const [debit] = plain
  if (debit === undefined) throw new Error('books need a plain account that pays in')
  const { journal, prefix } = run
  const connection = openConnection()
  const pay = async (credit: Uuid, amount: number): Promise<void> => {
    const intent = transferIntent({ n: journal.next(), prefix, naming: 'both' }, { debit, credit, amount })
    journal.intend(intent)
    const outcome = await sendOnce({ journal, connection }, place, intent)
    if (outcome.class !== 'acknowledged')
      throw new Error(`nothing can be paid in: ${JSON.stringify(outcome)}`)
  }
  for (const id of rich) await pay(id, RICH_AMOUNT)
  for (const id of poor) await pay(id, POOR_AMOUNT)
  connection.close()
  return { plain, rich, poor }
}
