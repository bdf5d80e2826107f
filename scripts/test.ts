// Runs one tier of the tests: `node scripts/test.ts pure|db|e2e [part of a path …]`.
//
// The suffix of a test file says what it costs: `.test.ts` is pure, `.db.test.ts` needs PostgreSQL,
// `.e2e.test.ts` runs the whole. EVENKEEL_TEST_SIZE says how large the long ones are: `ci` or `full`.

import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './steps.ts'
import { workspaceFiles } from './workspaces.ts'

type Tier = { concurrency: number; timeoutMs: number; holds: (file: string) => boolean }

const MINUTE_MS = 60_000
/** The long size is asked for by name and may take its time. */
const TIMEOUT_FACTOR = { ci: 1, full: 60 }

const isDb = (file: string) => file.endsWith('.db.test.ts')
const isE2e = (file: string) => file.endsWith('.e2e.test.ts')

const TIERS: Record<string, Tier> = {
  pure: {
    concurrency: availableParallelism(),
    timeoutMs: 2 * MINUTE_MS,
    holds: (file) => file.endsWith('.test.ts') && !isDb(file) && !isE2e(file),
  },
  // Each file of these may start a PostgreSQL of its own; more than two at once only slow each other down.
  db: { concurrency: 2, timeoutMs: 5 * MINUTE_MS, holds: isDb },
  e2e: { concurrency: 2, timeoutMs: 5 * MINUTE_MS, holds: isE2e },
}

const testFiles = (tier: Tier, parts: readonly string[]): string[] =>
  workspaceFiles()
    .filter(tier.holds)
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)))

const testSize = (): 'ci' | 'full' => {
  const size = process.env['EVENKEEL_TEST_SIZE'] ?? 'ci'
  if (size === 'ci' || size === 'full') return size
  throw new Error(`EVENKEEL_TEST_SIZE is "${size}"; it must be "ci" or "full".`)
}

const runTier = async (name: string, parts: readonly string[]): Promise<number> => {
  const tier = TIERS[name]
  if (!tier) throw new Error(`There is no tier "${name}"; choose one of ${Object.keys(TIERS).join(', ')}.`)
  const size = testSize()
  const files = testFiles(tier, parts)
  // A gate that reads nothing would pass for ever.
  if (files.length === 0) throw new Error(`No test file of the tier "${name}" was found.`)
  const options = [
    '--test-reporter=spec',
    `--test-concurrency=${tier.concurrency}`,
    `--test-timeout=${tier.timeoutMs * TIMEOUT_FACTOR[size]}`,
  ]
  return await runProgram('node', ['--test', ...options, ...files], {
    ...process.env,
    EVENKEEL_TEST_SIZE: size,
    // Each test file is a process that loads the same code.
    NODE_COMPILE_CACHE: join(tmpdir(), 'evenkeel-compile-cache'),
  })
}

const [name = '', ...parts] = process.argv.slice(2)
try {
  process.exitCode = await runTier(name, parts)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
