import { checkBooks, Tally } from '../books.ts'
import { describeMachine } from '../machine.ts'
import { createMeter } from '../meter.ts'
import type { Report } from '../report/json.ts'
import { ratiosOf } from '../report/ratios.ts'
import { targetsOf } from '../report/targets.ts'
import { withStand } from '../stand.ts'
import { COMMIT_KEYS, type GroupResult, runCommitGroup } from './commit-group.ts'
import { HTTP_KEYS, runHttpGroup } from './http-group.ts'
import { isWanted, type RunOptions } from './options.ts'
import { PAYMENT_KEYS, runPaymentsGroup } from './payments-group.ts'

/** The keys that --only may name. */
export const STANDARD_KEYS: readonly string[] = [...COMMIT_KEYS, ...HTTP_KEYS, ...PAYMENT_KEYS]

const NONE: GroupResult = { measured: [], checks: [] }

/** The default run: everything but what takes long. */
export const runStandard = async (options: RunOptions): Promise<Report> => {
  const { within, tell } = options
  tell('making a database')
  return withStand({ within }, async (stand) => {
    const { admin, folder, postmaster } = stand
    const machine = await describeMachine(admin, folder)
    const tally = new Tally()
    const given = { meter: createMeter(postmaster), tally, options }
    const isAny = (keys: readonly string[]): boolean => keys.some((key) => isWanted(options, key))
    const commit = isAny(COMMIT_KEYS) ? await runCommitGroup(stand, given) : NONE
    const http = isAny(HTTP_KEYS) ? await runHttpGroup(stand, given) : []
    const paid = isAny(PAYMENT_KEYS) ? await runPaymentsGroup(stand, given) : []
    tell('verifying the books')
    const books = [...commit.checks, ...(await checkBooks(stand, tally))]
    const measured = [...commit.measured, ...http, ...paid]
    const ratios = ratiosOf(measured)
    return { machine, measured, ratios, targets: targetsOf(measured, ratios), books }
  })
}
