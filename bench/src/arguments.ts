import { parseArgs } from 'node:util'
import { STANDARD_KEYS } from './runs/standard.ts'

const RUNS = ['standard', 'growth', 'launches', 'profile'] as const
type RunName = (typeof RUNS)[number]

export type Arguments = {
  readonly run: RunName
  readonly json: string | undefined
  readonly within: string | undefined
  readonly only: readonly string[] | null
  readonly isQuick: boolean
  readonly wantsHelp: boolean
}

/** What the caller wrote is wrong; said without a stack. */
export class ArgumentProblem extends Error {
  override readonly name = 'ArgumentProblem'
}

export const HELP = `Measures this machine's speed, on a database of its own that is removed in the end.

  npm run bench                     the default run, under three minutes
  npm run bench -- growth           batches at 0, 1 and 10 million transfers; takes long, and 20 GB of disk
  npm run bench -- launches         payments with no launch, one and a hundred, by turns; and what a tick costs
  npm run bench -- profile          where the time of a batch goes

  --json FILE      writes the result as JSON as well
  --only A,B       of the default run, only these: ${STANDARD_KEYS.join(', ')}
  --within FOLDER  makes the temporary folder there, for instance on the disk that is meant
  --quick          small sizes, to see that it runs: the figures mean nothing
  --help           prints this

Exit code 0, also where it is slow; 1 when the books do not verify afterwards; 2 when it could not be done.
`

const OPTIONS = {
  json: { type: 'string' },
  only: { type: 'string' },
  within: { type: 'string' },
  quick: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const parse = (words: readonly string[]) => {
  try {
    return parseArgs({ args: [...words], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new ArgumentProblem(error instanceof Error ? error.message : String(error))
  }
}

const runOf = (positionals: readonly string[]): RunName => {
  const [word = 'standard', ...rest] = positionals
  const run = RUNS.find((known) => known === word)
  if (run === undefined || rest.length > 0)
    throw new ArgumentProblem(
      `There is no run "${positionals.join(' ')}". Choose growth, launches or profile, or none of them.`,
    )
  return run
}

const onlyOf = (list: string | undefined): readonly string[] | null => {
  if (list === undefined) return null
  const keys = list.split(',')
  const unknown = keys.find((key) => !STANDARD_KEYS.includes(key))
  if (unknown === undefined) return keys
  throw new ArgumentProblem(`There is no benchmark "${unknown}". Choose among ${STANDARD_KEYS.join(', ')}.`)
}

export const parseArguments = (words: readonly string[]): Arguments => {
  const { values, positionals } = parse(words)
  return {
    run: runOf(positionals),
    json: values.json,
    within: values.within,
    only: onlyOf(values.only),
    isQuick: values.quick === true,
    wantsHelp: values.help === true,
  }
}
