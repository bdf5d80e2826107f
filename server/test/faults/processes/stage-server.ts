// A server that kills itself in the middle of a commit: `EVENKEEL_TEST_STAGE=locked EVENKEEL_TEST_STAGE_TIMES=2`
// lets one batch pass and ends with the second, where it has just locked the head row.

import type { OnStage } from '../../../src/database/index.ts'
import { openBarePlatform, serve } from '../../../src/main/index.ts'

const stage = process.env['EVENKEEL_TEST_STAGE']
let remaining = Number(process.env['EVENKEEL_TEST_STAGE_TIMES'] ?? '1')

const onStage: OnStage = (reached) => {
  if (reached !== stage) return
  remaining -= 1
  if (remaining === 0) process.kill(process.pid, 'SIGKILL')
}

const platform = await openBarePlatform({ as: 'server', onStage })
const { address } = await serve(platform)
// The end of the banner of a real server, for whoever waits for it.
process.stdout.write(`  Address      ${address}\n  Ctrl-C stops it.\n`)
