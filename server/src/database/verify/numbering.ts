import type { ClientBase } from 'pg'
import { askRows } from './ask.ts'
import type { HeadRow } from './heads.ts'
import { Sheet } from './sheet.ts'

type Numbers = {
  readonly first: bigint | null
  readonly last: bigint | null
  readonly rows: bigint
  readonly numbers: bigint
}

const BATCHES = `
select min(number) as first, max(number) as last, count(*) as rows, count(*) as numbers
  from database.batches where tenant = $1`

const EVENTS = `
select min(sequence) as first, max(sequence) as last, count(*) as rows, count(distinct sequence) as numbers
  from database.events where tenant = $1`

type Kind = { readonly what: string; readonly text: string; readonly counter: (head: HeadRow) => bigint }

const KINDS: readonly Kind[] = [
  { what: 'batches', text: BATCHES, counter: ({ batch }) => batch },
  { what: 'events', text: EVENTS, counter: ({ eventSequence }) => eventSequence },
]

/** Batches and events are numbered without a gap up to the head row's counter. The oldest may be gone with age. */
export const checkNumbering = async (client: ClientBase, heads: readonly HeadRow[]): Promise<Sheet> => {
  const sheet = new Sheet(
    'numbering',
    'The batches and the events that are kept are numbered without a gap, up to the counters of the head row.',
  )
  for (const head of heads) {
    for (const { what, text, counter } of KINDS) {
      const [found] = await askRows<Numbers>(client, text, [head.tenant])
      if (found === undefined) continue
      sheet.rows += Number(found.rows)
      const { first, last, rows, numbers } = found
      const expected = counter(head)
      if (last === null || first === null) {
        if (what === 'batches' && expected > 0n)
          sheet.find(head.tenant, 'the newest batch is missing', { counter: expected })
        continue
      }
      if (last !== expected)
        sheet.find(head.tenant, `the newest of the ${what} is not the counter's`, {
          newest: last,
          counter: expected,
        })
      if (rows !== last - first + 1n || numbers !== rows) {
        sheet.find(head.tenant, `the ${what} have a gap, or a number twice`, { first, last, rows })
      }
    }
  }
  return sheet
}
