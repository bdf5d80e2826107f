import { withClient } from '../../../src/database/index.ts'
import { verifyLedger } from '../../../src/ledger/index.ts'
import { readFacts, readSums } from './facts.ts'
import { readJournal } from './journal.ts'
import { FAILURES, judge, type Verdict } from './verdict.ts'

/** Where the truth is read, and as whom. */
export type Evidence = {
  readonly readerUrl: string
  readonly tenant: number
  /** What the references and keys of the run begin with. */
  readonly prefix: string
  readonly journal: string
  /** `noted`: the database of the test gives up durability, which is told of and is no fault. */
  readonly durability: 'required' | 'noted'
  /** Payments are made in these books as well, whose transfers have no reference: they are not looked at. */
  readonly alsoPays?: boolean
}

export type Examined = {
  readonly verdict: Verdict
  /** Everything that does not hold, in words; empty when all is well. */
  readonly problems: readonly string[]
  /** Rows of transfers that verify added up. */
  readonly rows: number
}

const SHOWN = 5

const listed = (name: string, what: readonly string[]): string[] =>
  what.length === 0 ? [] : [`${name}: ${what.length}, such as ${what.slice(0, SHOWN).join('; ')}`]

/** Only the journal and the database are compared. */
export const compare = async ({ readerUrl, journal, ...where }: Evidence): Promise<Verdict> => {
  const stories = await readJournal(journal)
  return withClient(readerUrl, async (client) => judge(stories, await readFacts(client, where)))
}

export const problemsOf = (verdict: Verdict): string[] =>
  FAILURES.flatMap((failure) => listed(failure, verdict.failures[failure]))

/** The whole examination after a run: the comparison, our own sums, and verify over all books of the database. */
export const examine = async (evidence: Evidence): Promise<Examined> => {
  const verdict = await compare(evidence)
  return withClient(evidence.readerUrl, async (client) => {
    const sums = await readSums(client)
    const report = await verifyLedger(client, { durability: evidence.durability })
    const checks = report.checks
      .filter(({ ok }) => !ok)
      .map(
        ({ name, findingsCount, findings }) =>
          `verify, ${name}: ${findingsCount}, ${JSON.stringify(findings[0])}`,
      )
    const isSound = sums.gaps === 0 && sums.drifts === 0 && sums.residual === '0'
    return {
      verdict,
      problems: [
        ...problemsOf(verdict),
        ...(isSound ? [] : [`the sums do not hold: ${JSON.stringify(sums)}`]),
        ...checks,
      ],
      rows: report.rows,
    }
  })
}
