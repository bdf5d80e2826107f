import { UUID_ZERO } from '../../../server/src/kit/index.ts'
import { openBareInsert } from '../benchmarks/bare-insert.ts'
import { batchCommit } from '../benchmarks/batch-commit.ts'
import { openRowLocks } from '../benchmarks/row-locks.ts'
import type { BookCheck, Tally } from '../books.ts'
import type { Meter } from '../meter.ts'
import { type Measured, runInTurn } from '../runner.ts'
import type { Stand } from '../stand.ts'
import { openAccounts, pickInto, pickUniform } from '../transfers.ts'
import type { RunOptions } from './options.ts'
import { chosen, spread } from './options.ts'

/** What both groups of a run hand back. */
export type GroupResult = { readonly measured: readonly Measured[]; readonly checks: readonly BookCheck[] }

export const COMMIT_KEYS = [
  'bare_insert',
  'batch_uniform',
  'batch_hot',
  'batch_one',
  'row_locks_uniform',
  'row_locks_hot',
] as const

/** The limit, our batches, and the way everybody else does it: all in turn, over the same accounts. */
export const runCommitGroup = async (
  stand: Stand,
  { meter, tally, options }: { readonly meter: Meter; readonly tally: Tally; readonly options: RunOptions },
): Promise<GroupResult> => {
  const { sizes, tell, startedMs } = options
  const { platform, admin } = stand
  const sandbox = await stand.createSandbox('batches')
  tell(`opening ${sizes.accounts} accounts`)
  const accounts = await openAccounts(platform, sandbox.tenant, { count: sizes.accounts, batch: sizes.batch })
  const hot = spread(accounts, sizes.hotAccounts)
  await admin.query('create schema bench authorization evenkeel_owner')
  const bare = await openBareInsert(stand, {
    tenant: sandbox.tenant,
    accounts,
    pick: pickUniform(accounts),
    sizes,
  })
  const rowLocks = await openRowLocks(stand, { accounts, hot, sizes })
  try {
    const ours = { database: stand, sandbox, sizes, tally }
    const batches = `batches of ${sizes.batch},`
    const [payee = UUID_ZERO, ...payers] = accounts
    const benchmarks = [
      bare.benchmark,
      batchCommit({
        ...ours,
        key: 'batch_uniform',
        what: `${batches} ${accounts.length} accounts`,
        pick: pickUniform(accounts),
      }),
      batchCommit({
        ...ours,
        key: 'batch_hot',
        what: `${batches} ${hot.length} hot accounts`,
        pick: pickUniform(hot),
      }),
      batchCommit({
        ...ours,
        key: 'batch_one',
        what: `${batches} all into one account`,
        pick: pickInto(payee, payers),
      }),
      rowLocks.uniform,
      rowLocks.hot,
    ]
    const measured = await runInTurn(
      meter,
      {
        benchmarks: chosen(options, benchmarks),
        rounds: sizes.commitRounds,
        roundsLeast: sizes.roundsLeast,
        untilMs: startedMs + sizes.commitUntilMs,
      },
      tell,
    )
    return { measured, checks: [await bare.check(), await rowLocks.check()] }
  } finally {
    await rowLocks.close()
    await admin.query('drop schema bench cascade')
  }
}
