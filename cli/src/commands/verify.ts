import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { PROBLEMS_SHOWN } from '../limits.ts'
import type { Paint } from '../paint.ts'
import type { Check, Platform, Tenant, VerifyReport } from '../platform.ts'
import type { OfflineReport } from '../platform-export.ts'
import { CommandProblem } from '../problem.ts'
import { createProgress } from '../progress.ts'
import { withPlatform } from '../with-platform.ts'
import { count, many, took, wrap } from '../wording.ts'

type Options = {
  readonly tenant?: string
  readonly json?: true
  readonly audit?: true
  readonly anchors?: string
  readonly publicKey?: string
  readonly offline?: string
}
export type Names = ReadonlyMap<number, string>

const nameOf = (names: Names, tenant: number): string => names.get(tenant) ?? `tenant ${tenant}`

const renderFinding = ({ tenant, what, details }: Check['findings'][number], names: Names): string => {
  const shown = Object.entries(details).map(([name, value]) => `${name} ${value}`)
  const where = tenant === null ? '' : `${nameOf(names, tenant)}: `
  return `    ${where}${what}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}`
}

type Show = { readonly names: Names; readonly paint: Paint; readonly width: number }

const renderCheck = (check: Check, { names, paint, width }: Show): string => {
  const notes = check.notes.map((note) => `    note: ${wrap(note, { width, indent: 4 })}`)
  const looked = `Over ${many(check.rows, 'row')}.`
  if (check.ok) {
    const said = wrap(`${check.proved} ${looked}`, { width, indent: 2 })
    return [`${paint('green', '✔')} ${said}`, ...notes].join('\n')
  }
  const shown = check.findings.slice(0, PROBLEMS_SHOWN)
  const hidden = check.findingsCount - shown.length
  return [
    `${paint('red', '✖')} ${check.name}: ${many(check.findingsCount, 'finding')}. ${looked}`,
    `    what should be: ${wrap(check.proved, { width, indent: 4 })}`,
    ...shown.map((finding) => renderFinding(finding, names)),
    ...(hidden > 0 ? [`    and ${count(hidden)} more`] : []),
    ...notes,
  ].join('\n')
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const renderSummary = (report: VerifyReport, { names, paint, width }: Show): string => {
  const { tenants, checks, ok } = report
  const of = tenants.map(({ tenant }) => nameOf(names, tenant)).join(', ')
  const accounts = sum(tenants.map((tenant) => tenant.accounts))
  const size = `${many(accounts, 'account')} and ${many(report.rows, 'transfer')} of ${of === '' ? 'no tenant' : of}`
  const failed = checks.filter((check) => !check.ok).length
  const verdict = ok
    ? `The books are proven: ${many(checks.length, 'check')} over ${size}, in ${took(report.seconds)}.`
    : `NOT PROVEN: ${failed} of ${many(checks.length, 'check')} failed over ${size}, in ${took(report.seconds)}.`
  return paint(ok ? 'bold' : 'red', wrap(verdict, { width, indent: 0 }))
}

export const renderReport = (report: VerifyReport, show: Show): string =>
  [...report.checks.map((check) => renderCheck(check, show)), '', renderSummary(report, show)].join('\n')

const renderAudit = (report: VerifyReport, show: Show): string => {
  const { checks, ok, rows, seconds } = report
  const size = `${many(rows, 'entry', 'entries')}, in ${took(seconds)}`
  const verdict = ok ? `The audit log is proven: ${size}.` : `NOT PROVEN: ${size}.`
  return [
    ...checks.map((check) => renderCheck(check, show)),
    '',
    show.paint(ok ? 'bold' : 'red', verdict),
  ].join('\n')
}

/** What is no part of the audit log's proof is refused, rather than passed over. */
const auditOptions = ({ tenant, audit, anchors, publicKey }: Options) => {
  if (audit !== true && (anchors !== undefined || publicKey !== undefined))
    throw new CommandProblem('--anchors and --public-key are for the audit log', 'Add --audit.')
  if (audit === true && tenant !== undefined)
    throw new CommandProblem('--audit looks at the logs of all tenants', 'Leave --tenant out.')
  return {
    ...(anchors === undefined ? {} : { folder: anchors }),
    ...(publicKey === undefined ? {} : { publicKey }),
  }
}

const verifyAudit = async (
  context: Context,
  options: { readonly folder?: string; readonly publicKey?: string },
): Promise<[VerifyReport, Names]> =>
  withPlatform(context, async ({ audit, tenants }) => {
    const report = await audit.verify(options)
    return [report, new Map((await tenants.list()).map((tenant) => [tenant.id, tenant.name]))]
  })

const chosen = async ({ tenants }: Platform, name: string): Promise<Tenant> => {
  const tenant = await tenants.find(name)
  if (tenant === null)
    throw new CommandProblem(
      `There is no tenant "${name}"`,
      'It is "live", or the name of a sandbox: evenkeel sandboxes list',
    )
  return tenant
}

export const proveBooks = async (
  context: Context,
  platform: Platform,
  name: string | undefined,
): Promise<[VerifyReport, Names]> => {
  const one = name === undefined ? null : await chosen(platform, name)
  const names: Names = new Map((await platform.tenants.list()).map((tenant) => [tenant.id, tenant.name]))
  const progress = createProgress(context.terminal)
  try {
    const report = await platform.verify(
      one === null ? {} : { tenants: [one.id] },
      ({ tenant, step, done, total }) => {
        const far = total === 0 ? '' : `, ${count(done)} of ${count(total)}`
        const fraction = total === 0 ? null : done / total
        progress.show({ fraction, text: `${nameOf(names, tenant)}: ${step}${far}` })
      },
    )
    return [report, names]
  } finally {
    progress.end()
  }
}

/** An export is looked at by itself: whoever got it needs neither our database nor our configuration. */
const refuseOthers = ({ tenant, audit, anchors, publicKey }: Options): void => {
  if (tenant !== undefined || audit === true || anchors !== undefined || publicKey !== undefined)
    throw new CommandProblem(
      '--offline looks at one folder and nothing else',
      'Leave --tenant, --audit, --anchors and --public-key out.',
    )
}

const verifyOffline = async (context: Context, folder: string): Promise<OfflineReport> => {
  const { verifyExport } = await context.loadDoor()
  const progress = createProgress(context.terminal)
  try {
    return await verifyExport(folder, ({ file, done, total }) =>
      progress.show({ fraction: total === 0 ? null : done / total, text: file }),
    )
  } finally {
    progress.end()
  }
}

const renderOffline = (report: OfflineReport, show: Show): string => {
  const { manifest, checks, ok, rows, seconds } = report
  const { tenant, period, closing, digest } = manifest
  const span = period.from === null ? `up to ${period.to}` : `${period.from} to ${period.to}`
  const size = `${many(rows, 'line')} of ${tenant.name}, ${span}, in ${took(seconds)}`
  const verdict = ok ? `The export is proven: ${size}.` : `NOT PROVEN: ${size}.`
  const of =
    closing === null ? 'The period is none that was closed.' : `Closing ${closing.number}, ${closing.id}.`
  return [
    ...checks.map((check) => renderCheck(check, show)),
    '',
    show.paint(ok ? 'bold' : 'red', wrap(verdict, { width: show.width, indent: 0 })),
    of,
    `Digest: ${digest}`,
  ].join('\n')
}

export const addVerify = (program: Command, context: Context): void => {
  const { terminal, end } = context
  const command = program
    .command('verify')
    .summary('prove that the books balance')
    .description(
      'Recomputes every balance from the entries and checks sums, holds, ids, sequences, order, grants and roles, as they stand at one moment, while money moves. Says what it proved and over how many rows. Ends with 1 when something does not hold.',
    )
    .option('--tenant <name>', 'only this one: live, or a sandbox')
    .option(
      '--audit',
      'the audit log instead: each chain, against the heads that were signed outside the database',
    )
    .option('--anchors <folder>', 'with --audit: where the signed heads are; else AUDIT_ANCHOR_DIR')
    .option('--public-key <key>', 'with --audit: of the key that signs, as you have kept it')
    .option('--offline <folder>', 'an export instead: by its files alone, without database or server')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { tenant, audit, json, offline } = options
      if (offline !== undefined) {
        refuseOthers(options)
        const report = await verifyOffline(context, offline)
        const show = { names: new Map(), paint: terminal.paintAnswer, width: terminal.width }
        if (!report.ok) end(1)
        terminal.answer(json === true ? JSON.stringify(report, null, 2) : renderOffline(report, show))
        return
      }
      const wanted = auditOptions(options)
      const [report, names] =
        audit === true
          ? await verifyAudit(context, wanted)
          : await withPlatform(context, (platform) => proveBooks(context, platform, tenant))
      const render = audit === true ? renderAudit : renderReport
      if (!report.ok) end(1)
      terminal.answer(
        json === true
          ? JSON.stringify(report, null, 2)
          : render(report, { names, paint: terminal.paintAnswer, width: terminal.width }),
      )
    })
  addExamples(command, [
    ['evenkeel verify', 'all tenants'],
    ['evenkeel verify --tenant live', 'only the live books'],
    ['evenkeel verify --offline october', 'what evenkeel export has written, on any machine'],
    ['evenkeel verify --audit', 'that nobody has rewritten who did what'],
    ['evenkeel verify --audit --anchors /var/evidence', 'against heads that are kept elsewhere'],
  ])
}
