// A rotation that kills itself in the middle: `EVENKEEL_TEST_KILL_AFTER_MS=12` ends it so long after everybody was found to
// know the new key, which is while everything is being wrapped anew.

import { openBarePlatform } from '../../src/main/index.ts'
import { masterKeyToolsOf } from '../../src/main/master-key-tools.ts'

const afterMs = Number(process.env['EVENKEEL_TEST_KILL_AFTER_MS'] ?? '0')

const platform = await openBarePlatform({ as: 'tool' })
await masterKeyToolsOf(platform).rotate({
  onStep: (step) => {
    if (step === 'known') setTimeout(() => process.kill(process.pid, 'SIGKILL'), afterMs)
  },
})
await platform.close()
