import { jsonInteger, type Minor } from '../../kit/index.ts'
import { type AccountState, DIFFERENCE_KINDS } from './agreement.ts'
import type { Profile } from './profile.ts'
import type { ImportReport, JsonAmount, JsonSums, LedgerCheck } from './report-shape.ts'
import type { RepeatedId, Sums, Tally } from './tally.ts'

/** What the report is made of, once the file has been read. */
export type Findings = {
  readonly profile: Profile
  readonly file: ImportReport['file']
  readonly tally: Tally
  readonly accounts: ReadonlyMap<string, AccountState>
  readonly settle: boolean
  readonly stopped: ImportReport['stopped']
  readonly recorded: {
    readonly imported: number
    readonly ordinary: number
    readonly firstOrdinaryLine: number | null
  }
  readonly ledgerCheck: LedgerCheck
  /** At most this many accounts are listed. */
  readonly listed: number
}

export const jsonAmount = (minor: Minor): JsonAmount => jsonInteger(minor) ?? minor.toString()

const size = (minor: Minor): Minor => (minor < 0n ? -minor : minor)

const compare = (a: Minor, b: Minor): number => (a < b ? -1 : a > b ? 1 : 0)

/** Most frequent first; among equals the smaller difference first, and of two signs the positive one. */
const byFrequency = (a: readonly [Minor, number], b: readonly [Minor, number]): number =>
  b[1] - a[1] || compare(size(a[0]), size(b[0])) || compare(b[0], a[0])

const jsonSums = (sums: Sums): JsonSums => ({
  lines: sums.lines,
  differing: sums.differing,
  credit_lines: sums.credits.lines,
  credits: jsonAmount(sums.credits.amount),
  debit_lines: sums.debits.lines,
  debits: jsonAmount(sums.debits.amount),
})

/** Most lines first, then by name. */
const bySize = (map: ReadonlyMap<string, Sums>): readonly (readonly [string, Sums])[] =>
  [...map].sort(([nameA, a], [nameB, b]) => b.lines - a.lines || (nameA < nameB ? -1 : 1))

const modeOf = (recorded: Findings['recorded']): Pick<ImportReport, 'mode' | 'mode_reason'> => {
  const { imported, ordinary, firstOrdinaryLine } = recorded
  if (ordinary === 0) {
    return {
      mode: 'imported',
      mode_reason: 'each transfer is recorded at a time of its own date, as the tenant held nothing newer',
    }
  }
  const from = imported === 0 ? 'all lines' : `some lines, the first of them line ${firstOrdinaryLine}`
  return {
    mode: imported === 0 ? 'ordinary' : 'mixed',
    mode_reason: `${from}: ordinary transfers that carry the book date and are recorded at the time of the import, as the tenant held something newer than they are`,
  }
}

const kindsOf = (tally: Tally): ImportReport['kinds'] =>
  DIFFERENCE_KINDS.flatMap((kind) => {
    const sums = tally.kinds.get(kind)
    if (sums === undefined || sums.lines === 0) return []
    const sizes = [...sums.sizes].map(([difference, { lines, first }]) => ({ difference, lines, first }))
    sizes.sort((a, b) => byFrequency([a.difference, a.lines], [b.difference, b.lines]))
    return {
      kind,
      lines: sums.lines,
      sum: jsonAmount(sums.amount),
      sizes: sizes.map(({ difference, lines, first }) => ({
        difference: jsonAmount(difference),
        lines,
        first_line: first,
      })),
    }
  })

const perAccount = (accounts: Findings['accounts'], listed: number): ImportReport['per_account'] => {
  const rows: ImportReport['per_account'][number][] = []
  for (const [account, { lines, differing, stated, ours, firstCause }] of accounts) {
    if (firstCause === null || rows.length >= listed) continue
    rows.push({
      account,
      lines,
      differing,
      closing: jsonAmount(stated),
      our_closing: jsonAmount(ours),
      drift: jsonAmount(stated - ours),
      first_cause: { ...firstCause, difference: jsonAmount(firstCause.difference) },
    })
  }
  return rows.sort((a, b) => a.first_cause.line - b.first_cause.line)
}

type AccountSums = { closing: Minor; ours: Minor; differing: number; drifting: number }

const sumAccounts = (accounts: Findings['accounts']): AccountSums => {
  const sums = { closing: 0n, ours: 0n, differing: 0, drifting: 0 }
  for (const { stated, ours, firstCause } of accounts.values()) {
    sums.closing += stated
    sums.ours += ours
    if (firstCause !== null) sums.differing += 1
    if (stated !== ours) sums.drifting += 1
  }
  return sums
}

const jsonDisagreements = (tally: Tally): ImportReport['disagreements'] =>
  tally.disagreements.items.map((one) => ({
    line: one.line,
    account: one.account,
    date: one.date,
    category: one.category,
    amount: jsonAmount(one.amount),
    stated_before: jsonAmount(one.statedBefore),
    stated_after: jsonAmount(one.statedAfter),
    difference: jsonAmount(one.difference),
    kind: one.kind,
  }))

const jsonRepeats = (items: readonly RepeatedId[]): ImportReport['repeated_ids'] =>
  items.map(({ line, account, externalId }) => ({ line, account, external_id: externalId }))

/** The report as it is written to a file. It says nothing of when or how often the import ran. */
export const buildReport = (findings: Findings): ImportReport => {
  const { profile, tally, accounts, recorded } = findings
  const sums = sumAccounts(accounts)
  const drift = sums.closing - sums.ours
  return {
    profile: profile.name,
    file: findings.file,
    currency: profile.currency.code,
    exponent: profile.currency.exponent,
    complete: findings.stopped === null,
    stopped: findings.stopped,
    ...modeOf(recorded),
    imported_transfers: recorded.imported,
    ordinary_transfers: recorded.ordinary,
    lines: tally.all.lines,
    accounts: accounts.size,
    agree: tally.all.lines - tally.all.differing,
    differences: [...tally.differences]
      .sort(byFrequency)
      .map(([difference, count]) => [jsonAmount(difference), count] as const),
    differences_beyond_limit: tally.differencesBeyond,
    closing_sum: jsonAmount(sums.closing),
    our_closing_sum: jsonAmount(sums.ours),
    drift_sum: jsonAmount(drift),
    first_date: tally.firstDate,
    last_date: tally.lastDate,
    totals: jsonSums(tally.all),
    per_category: bySize(tally.categories).map(([category, one]) => ({ category, ...jsonSums(one) })),
    counter_accounts: bySize(tally.counterAccounts).map(([reference, one]) => ({
      reference,
      ...jsonSums(one),
    })),
    kinds: kindsOf(tally),
    disagreements: jsonDisagreements(tally),
    accounts_with_differences: sums.differing,
    accounts_with_drift: sums.drifting,
    per_account: perAccount(accounts, findings.listed),
    settled: findings.settle
      ? {
          account: profile.differencesAccount.reference,
          transfers: tally.all.differing,
          sum: jsonAmount(drift),
        }
      : null,
    bad_line_count: tally.badLines.count,
    bad_lines: tally.badLines.items,
    refused_line_count: tally.refusedLines.count,
    refused_lines: tally.refusedLines.items,
    repeated_id_count: tally.repeatedIds.count,
    repeated_ids: jsonRepeats(tally.repeatedIds.items),
    shortened_values: tally.shortened,
    ledger_check: findings.ledgerCheck,
  }
}
