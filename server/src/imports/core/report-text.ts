import { formatMinor } from '../../kit/index.ts'
import { SHOWN } from '../limits.ts'
import type { ImportReport, JsonAmount } from './report-shape.ts'
import { table } from './text-table.ts'

const TRUE_MINUS = '\u2212'

const whole = (count: number): string => formatMinor(BigInt(count), 0)

/** Amounts of a report, with the exponent of its currency. */
type Show = (amount: JsonAmount) => string

const showSigned =
  (show: Show): Show =>
  (amount) =>
    BigInt(amount) > 0n ? `+${show(amount)}` : show(amount)

const section = (title: string, rows: readonly string[]): string[] =>
  rows.length === 0 ? [] : ['', title, ...rows]

/** '95.1 %', rounded down, so that 100.0 % means all. */
const share = (part: number, of: number): string => {
  const thousandths = of === 0 ? 0n : (BigInt(part) * 1000n) / BigInt(of)
  return `${formatMinor(thousandths, 1)} %`
}

const lineRows = (report: ImportReport): string[] => {
  const { lines, agree, accounts, first_date: first, last_date: last } = report
  const span = first === null ? '' : `, ${first} to ${last}`
  return table(
    [
      ['Lines', whole(lines), `on ${whole(accounts)} accounts${span}`],
      ['Agree', whole(agree), share(agree, lines)],
      ['Do not agree', whole(lines - agree), ''],
      [
        'Bad lines',
        whole(report.bad_line_count),
        report.bad_line_count === 0 ? '' : 'nothing posted for them',
      ],
      ...(report.refused_line_count === 0
        ? []
        : [['Refused', whole(report.refused_line_count), 'by the ledger; nothing posted for them']]),
      ...(report.repeated_id_count === 0
        ? []
        : [['Ids used again', whole(report.repeated_id_count), 'posted as movements of their own']]),
    ],
    [0, 2],
  )
}

const balanceRows = (report: ImportReport, show: Show): string[] =>
  table(
    [
      ['File, last stated balances', show(report.closing_sum), ''],
      ['Ours, sum of the movements', show(report.our_closing_sum), ''],
      [
        'Drift',
        showSigned(show)(report.drift_sum),
        `on ${whole(report.accounts_with_drift)} of ${whole(report.accounts)} accounts`,
      ],
      ...(report.settled === null
        ? []
        : [
            [
              'Settled',
              showSigned(show)(report.settled.sum),
              `by ${whole(report.settled.transfers)} transfers against ${report.settled.account}`,
            ],
          ]),
    ],
    [0, 2],
  )

const differenceRows = (report: ImportReport, show: Show): string[] => {
  const signed = showSigned(show)
  const rows = report.kinds.flatMap(({ kind, sizes }) =>
    sizes
      .slice(0, SHOWN)
      .map((size, index) => [
        index === 0 ? kind : '',
        signed(size.difference),
        whole(size.lines),
        whole(size.first_line),
      ]),
  )
  const hidden = report.kinds.reduce(
    (sum, { sizes }) => sum + (sizes.length > SHOWN ? sizes.length - SHOWN : 0),
    0,
  )
  if (rows.length === 0) return []
  return [
    ...table([['kind', 'difference', 'lines', 'first line'], ...rows]),
    ...(hidden === 0 ? [] : [`  and ${whole(hidden)} further sizes`]),
  ]
}

const categoryRows = (report: ImportReport, show: Show): string[] => [
  ...table([
    ['category', 'lines', 'not agreeing', 'credits', 'debits'],
    ...report.per_category
      .slice(0, SHOWN)
      .map((one) => [
        one.category === '' ? '(none)' : one.category,
        whole(one.lines),
        whole(one.differing),
        show(one.credits),
        show(one.debits),
      ]),
  ]),
  ...(report.per_category.length > SHOWN
    ? [`  and ${whole(report.per_category.length - SHOWN)} further ones`]
    : []),
]

const magnitude = (amount: JsonAmount): bigint => {
  const minor = BigInt(amount)
  return minor < 0n ? -minor : minor
}

const accountRows = (report: ImportReport, show: Show): string[] => {
  const drifting = report.per_account.filter((one) => magnitude(one.drift) !== 0n)
  const largest = drifting.toSorted((a, b) => {
    const [sizeA, sizeB] = [magnitude(a.drift), magnitude(b.drift)]
    return sizeA === sizeB ? a.first_cause.line - b.first_cause.line : sizeA < sizeB ? 1 : -1
  })
  if (largest.length === 0) return []
  return [
    ...table(
      [
        ['account', 'file', 'ours', 'drift', 'first cause'],
        ...largest
          .slice(0, SHOWN)
          .map((one) => [
            one.account,
            show(one.closing),
            show(one.our_closing),
            showSigned(show)(one.drift),
            `line ${whole(one.first_cause.line)} (${one.first_cause.date})`,
          ]),
      ],
      [0, 4],
    ),
    ...(report.accounts_with_drift > SHOWN
      ? [`  and ${whole(report.accounts_with_drift - SHOWN)} further accounts with less drift`]
      : []),
  ]
}

const badRows = (report: ImportReport): string[] => {
  const bad = report.bad_lines.map(({ line, column, reason }) => ({
    line,
    text: column === null ? reason : `${column}: ${reason}`,
  }))
  const refused = report.refused_lines.map(({ line, status }) => ({
    line,
    text: `refused by the ledger: ${status}`,
  }))
  const rows = [...bad, ...refused].slice(0, SHOWN).map(({ line, text }) => `  line ${whole(line)}: ${text}`)
  const hidden = report.bad_line_count + report.refused_line_count - rows.length
  return hidden === 0 ? rows : [...rows, `  and ${whole(hidden)} more`]
}

const checkRows = (report: ImportReport, show: Show): string[] => {
  const { ledger_check: check, currency } = report
  const hold =
    report.settled === null ? 'the sum of their movements' : 'the last balance that the file states'
  const rest = 'the others hold other movements too, or lines of theirs were refused'
  return [
    `  Ledger ${check.ledger}: debits ${currency} ${show(check.debits)}, credits ${currency} ${show(check.credits)}; ${
      check.balanced ? 'they balance' : 'THEY DO NOT BALANCE'
    }`,
    `  ${whole(check.accounts_equal)} of ${whole(check.accounts_checked)} customer accounts hold ${hold}, ${currency} ${show(check.customers_sum)} in all${
      check.accounts_equal === check.accounts_checked ? '' : `; ${rest}`
    }`,
  ]
}

/** The report as text for a terminal: what was read, what agrees, what does not, and what the ledger holds now. */
export const renderReport = (report: ImportReport): string => {
  const show: Show = (amount) => formatMinor(BigInt(amount), report.exponent, { minus: TRUE_MINUS })
  const stop = report.stopped
  return [
    `Import of ${report.file.name} with the profile ${report.profile}, in ${report.currency}`,
    ...(stop === null
      ? []
      : [`Stopped${stop.line === null ? '' : ` at line ${whole(stop.line)}`}: ${stop.reason}`]),
    '',
    ...lineRows(report),
    ...section(`Balances in ${report.currency}`, balanceRows(report, show)),
    ...section('Lines that do not agree', differenceRows(report, show)),
    ...section('Bad lines', badRows(report)),
    ...section('Largest drifts', accountRows(report, show)),
    ...section('By category', categoryRows(report, show)),
    ...section('In the ledger', [
      ...checkRows(report, show),
      `  Recorded as ${report.mode}: ${report.mode_reason}`,
    ]),
    '',
  ].join('\n')
}
