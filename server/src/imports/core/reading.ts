import { ACCOUNTS } from '../limits.ts'
import { type AccountState, createAgreement } from './agreement.ts'
import type { CsvProblem, CsvRecord } from './csv.ts'
import { headerProblems } from './header.ts'
import { type BadLine, createLineReader, type LineReader, type Movement } from './lines.ts'
import { createPlanner, type PlannedLine, type PlanOptions } from './plan.ts'
import { addMovement, createTally, listItem, type Tally } from './tally.ts'

/** What one record of the file came to. */
export type Step =
  | { readonly kind: 'header' }
  | { readonly kind: 'bad'; readonly bad: BadLine }
  | { readonly kind: 'line'; readonly movement: Movement; readonly planned: PlannedLine }
  /** The import cannot go on: the file does not fit the profile or a limit. */
  | { readonly kind: 'refused'; readonly message: string }

export type Reading = {
  readonly take: (record: CsvRecord | CsvProblem) => Step
  readonly tally: Tally
  readonly accounts: ReadonlyMap<string, AccountState>
  /** False until the header was read. */
  readonly begun: () => boolean
}

/** Reads a file record by record: header, then movements, each judged, counted and planned. */
export const createReading = (options: PlanOptions): Reading => {
  const { profile } = options
  const agreement = createAgreement(10n ** BigInt(profile.currency.exponent))
  const planner = createPlanner(options)
  const tally = createTally()
  let readLine: LineReader | null = null

  const takeHeader = (record: CsvRecord | CsvProblem): Step => {
    if ('problem' in record)
      return { kind: 'refused', message: `the header cannot be read: ${record.problem}` }
    const problems = headerProblems(profile, record.fields)
    if (problems.length > 0) {
      const message = `the file does not fit the profile "${profile.name}":\n${problems.map((one) => `  ${one}`).join('\n')}`
      return { kind: 'refused', message }
    }
    readLine = createLineReader(profile, record.fields)
    return { kind: 'header' }
  }

  const takeMovement = (movement: Movement): Step => {
    const verdict = agreement.judge(movement)
    if (agreement.accounts.size > ACCOUNTS) {
      return { kind: 'refused', message: `the file has more than ${ACCOUNTS} accounts; split it by account` }
    }
    const planned = planner.plan(movement, verdict)
    if ('refused' in planned) return { kind: 'refused', message: planned.refused }
    addMovement(tally, movement, verdict)
    const { line, account, externalId } = movement
    if (planned.repeatedId && externalId !== null) listItem(tally.repeatedIds, { line, account, externalId })
    return { kind: 'line', movement, planned }
  }

  const take = (record: CsvRecord | CsvProblem): Step => {
    if (readLine === null) return takeHeader(record)
    const read =
      'problem' in record ? { line: record.line, column: null, reason: record.problem } : readLine(record)
    if (!('reason' in read)) return takeMovement(read)
    listItem(tally.badLines, read)
    return { kind: 'bad', bad: read }
  }

  return { take, tally, accounts: agreement.accounts, begun: () => readLine !== null }
}
