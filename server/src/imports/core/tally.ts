import type { Minor } from '../../kit/index.ts'
import { CATEGORIES, DIFFERENCE_SIZES, LISTED } from '../limits.ts'
import { DIFFERENCE_KINDS, type DifferenceKind, type Verdict } from './agreement.ts'
import type { BadLine, Movement } from './lines.ts'

/** Sums over some of the lines. */
export type Sums = {
  lines: number
  differing: number
  credits: { lines: number; amount: Minor }
  debits: { lines: number; amount: Minor }
}

/** A line that does not agree. */
export type Disagreement = {
  readonly line: number
  readonly account: string
  readonly date: string
  readonly category: string
  readonly amount: Minor
  readonly statedBefore: Minor
  readonly statedAfter: Minor
  readonly difference: Minor
  readonly kind: DifferenceKind
}

export type KindSums = {
  lines: number
  amount: Minor
  readonly sizes: Map<Minor, { lines: number; first: number }>
}

/** A list that ends at a limit beside a count that does not. */
export type Listed<Item> = { count: number; readonly items: Item[] }

/** An id of the old system that an earlier line of the same account bears already. */
export type RepeatedId = { readonly line: number; readonly account: string; readonly externalId: string }

/** A movement that the ledger would not take. */
export type RefusedLine = { readonly line: number; readonly account: string; readonly status: string }

/** What is counted while the file is read; nothing here grows with the number of lines beyond its limits. */
export type Tally = {
  readonly all: Sums
  readonly categories: Map<string, Sums>
  readonly counterAccounts: Map<string, Sums>
  readonly differences: Map<Minor, number>
  differencesBeyond: number
  readonly kinds: Map<DifferenceKind, KindSums>
  readonly disagreements: Listed<Disagreement>
  readonly badLines: Listed<BadLine>
  readonly repeatedIds: Listed<RepeatedId>
  readonly refusedLines: Listed<RefusedLine>
  firstDate: string | null
  lastDate: string | null
  shortened: number
}

/** Where the categories beyond the limit are summed. */
export const OTHER_CATEGORIES = '(other categories)'

const noSums = (): Sums => ({
  lines: 0,
  differing: 0,
  credits: { lines: 0, amount: 0n },
  debits: { lines: 0, amount: 0n },
})

const noList = <Item>(): Listed<Item> => ({ count: 0, items: [] })

export const listItem = <Item>(list: Listed<Item>, item: Item): void => {
  list.count += 1
  if (list.items.length < LISTED) list.items.push(item)
}

export const createTally = (): Tally => ({
  all: noSums(),
  categories: new Map(),
  counterAccounts: new Map(),
  differences: new Map(),
  differencesBeyond: 0,
  kinds: new Map(DIFFERENCE_KINDS.map((kind) => [kind, { lines: 0, amount: 0n, sizes: new Map() }])),
  disagreements: noList(),
  badLines: noList(),
  repeatedIds: noList(),
  refusedLines: noList(),
  firstDate: null,
  lastDate: null,
  shortened: 0,
})

const sumsOf = (map: Map<string, Sums>, key: string): Sums => {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = noSums()
  map.set(key, made)
  return made
}

const addTo = (sums: Sums, amount: Minor, differs: boolean): void => {
  sums.lines += 1
  if (differs) sums.differing += 1
  const side = amount < 0n ? sums.debits : sums.credits
  side.lines += 1
  side.amount += amount < 0n ? -amount : amount
}

const addDisagreement = (tally: Tally, movement: Movement, verdict: Verdict, kind: DifferenceKind): void => {
  const { difference, statedBefore } = verdict
  const count = tally.differences.get(difference)
  const counted = count !== undefined || tally.differences.size < DIFFERENCE_SIZES
  if (counted) tally.differences.set(difference, (count ?? 0) + 1)
  else tally.differencesBeyond += 1
  const sums = tally.kinds.get(kind)
  if (sums !== undefined) {
    sums.lines += 1
    sums.amount += difference
    const size = sums.sizes.get(difference)
    if (size !== undefined) size.lines += 1
    else if (counted) sums.sizes.set(difference, { lines: 1, first: movement.line })
  }
  const { line, account, date, category, amount, balance } = movement
  listItem(tally.disagreements, {
    line,
    account,
    date,
    category,
    amount,
    statedBefore,
    statedAfter: balance,
    difference,
    kind,
  })
}

/** Counts one movement with what was found about it. */
export const addMovement = (tally: Tally, movement: Movement, verdict: Verdict): void => {
  const { amount, date, category, counterAccount } = movement
  const differs = verdict.kind !== null
  const full = tally.categories.size >= CATEGORIES && !tally.categories.has(category)
  addTo(tally.all, amount, differs)
  addTo(sumsOf(tally.categories, full ? OTHER_CATEGORIES : category), amount, differs)
  addTo(sumsOf(tally.counterAccounts, counterAccount.reference), amount, differs)
  if (tally.firstDate === null || date < tally.firstDate) tally.firstDate = date
  if (tally.lastDate === null || date > tally.lastDate) tally.lastDate = date
  tally.shortened += movement.shortened
  if (verdict.kind !== null) addDisagreement(tally, movement, verdict, verdict.kind)
}
