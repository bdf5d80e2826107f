import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { submitFor } from '../benchmarks/batch-commit.ts'
import { checkBooks, Tally } from '../books.ts'
import { createMeter, type Used } from '../meter.ts'
import { type CpuProfile, partOf, placeOf, profiled, type Spent, spentBy } from '../profile/cpu-profile.ts'
import { renderStages, watchStages } from '../profile/stages.ts'
import { renderBooks } from '../report/table.ts'
import type { Round } from '../runner.ts'
import { type Stand, withStand } from '../stand.ts'
import { makeBatch, openAccounts, pickUniform } from '../transfers.ts'
import type { RunOptions } from './options.ts'

const FILE = 'batch_uniform.cpuprofile'
const FUNCTIONS_SHOWN = 25

type Prepared = {
  readonly stand: Stand
  readonly tally: Tally
  readonly run: (batches: number) => Promise<() => Promise<Round>>
}

/** batch_uniform on a stand, without a bound of time: as many batches as asked for. */
const prepare = async (stand: Stand, { sizes, tell }: RunOptions): Promise<Prepared> => {
  const { platform } = stand
  const sandbox = await stand.createSandbox('batches')
  tell(`opening ${sizes.accounts} accounts`)
  const accounts = await openAccounts(platform, sandbox.tenant, { count: sizes.accounts, batch: sizes.batch })
  const tally = new Tally()
  const pick = pickUniform(accounts)
  return {
    stand,
    tally,
    run: async (count) => {
      const batches = Array.from({ length: count }, () => makeBatch(sizes.batch, pick))
      return () => submitFor({ database: stand, sandbox, sizes, tally }, batches, Number.POSITIVE_INFINITY)
    },
  }
}

const verify = async ({ stand, tally }: Prepared): Promise<void> => {
  const checks = await checkBooks(stand, tally)
  process.stdout.write(`\n${renderBooks(checks)}\n`)
  if (checks.some(({ ok }) => !ok)) process.exitCode = 1
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1).padStart(6)} %`

const renderSpent = (spent: readonly Spent[], batches: number, shown = spent.length): string => {
  const all = spent.reduce((sum, { ms }) => sum + ms, 0)
  return spent
    .slice(0, shown)
    .map(({ name, ms }) => `${percent(ms, all)}  ${(ms / batches).toFixed(1).padStart(7)} ms  ${name}`)
    .join('\n')
}

const renderProfile = (profile: CpuProfile, round: Round, used: Used): string => {
  const batches = round.latenciesMs.length
  const { server, database } = used.cores
  return [
    '',
    `${batches} batches in ${(round.ms / 1_000).toFixed(1)} s: ${Math.round((round.count / round.ms) * 1_000).toLocaleString('en')} transfers/s, ${(round.ms / batches).toFixed(1)} ms each`,
    `cores kept busy: ${server?.toFixed(2) ?? '–'} by this process, ${database?.toFixed(2) ?? '–'} by PostgreSQL`,
    '',
    'Where this process spends a batch (its own time):',
    renderSpent(spentBy(profile, partOf), batches),
    '',
    'By function:',
    renderSpent(spentBy(profile, placeOf), batches, FUNCTIONS_SHOWN),
    '',
  ].join('\n')
}

const BATCHES = { warm: 12, measured: 40, staged: 12 } as const

/** Profiles this process, which is client and commit in one, while batches are committed. */
const profileCommit = async (options: RunOptions): Promise<void> =>
  withStand({ within: options.within }, async (stand) => {
    const prepared = await prepare(stand, options)
    await (await prepared.run(BATCHES.warm))()
    const run = await prepared.run(BATCHES.measured)
    options.tell('profiling')
    const stop = await createMeter(stand.postmaster)({ server: null, writes: null })
    const { value: round, profile } = await profiled(run)
    const used = await stop()
    const file = resolve(FILE)
    writeFileSync(file, JSON.stringify(profile))
    process.stdout.write(renderProfile(profile, round, used))
    process.stdout.write(`The profile is in ${file}: open it in the developer tools of a browser.\n`)
    await verify(prepared)
  })

/** Stops the clock at each stage of each batch. The commit then does one batch after the other, and nothing overlaps. */
const splitStages = async (options: RunOptions): Promise<void> => {
  const stages = watchStages()
  await withStand({ within: options.within, onStage: stages.onStage }, async (stand) => {
    const prepared = await prepare(stand, options)
    await (await prepared.run(BATCHES.warm))()
    stages.clear()
    options.tell('watching the stages')
    await (await prepared.run(BATCHES.staged))()
    process.stdout.write(
      `\nMilliseconds of each batch, stage by stage, without the overlap of one batch with the next:\n${renderStages(stages.batches())}\n`,
    )
    await verify(prepared)
  })
}

/** Where the time of batch_uniform goes. */
export const runProfile = async (options: RunOptions): Promise<void> => {
  await profileCommit(options)
  await splitStages(options)
}
