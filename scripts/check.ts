// `npm run check` and `npm test`: everything that CI runs, in one order, on every machine alike.

import { runSteps } from './steps.ts'

// Biome colours its report even where nobody can see it.
const colours = process.stdout.isTTY ? [] : ['--colors=off']

const allPassed = await runSteps([
  { name: 'types (tsc)', command: 'tsc', args: [] },
  { name: 'format and lint (biome)', command: 'biome', args: ['ci', '--error-on-warnings', ...colours, '.'] },
  { name: 'dead code and unused packages (knip)', command: 'knip', args: ['--no-progress'] },
  { name: 'tests: pure', command: 'node', args: ['scripts/test.ts', 'pure'] },
  { name: 'tests: db', command: 'node', args: ['scripts/test.ts', 'db'] },
  { name: 'tests: e2e', command: 'node', args: ['scripts/test.ts', 'e2e'] },
  { name: 'generated files are fresh', command: 'node', args: ['scripts/generate.ts', '--check'] },
])
process.exitCode = allPassed ? 0 : 1
