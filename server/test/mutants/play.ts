import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutant } from './mutant.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..')
/** A test that hangs with the bug is red after this time; a process that does not even tell that is ended a little later. */
const TEST_TIMEOUT_MS = 30_000
const PROCESS_TIMEOUT_MS = 45_000

export type Played = {
  readonly mutant: Mutant
  readonly caught: boolean
  readonly seconds: number
  /** Why it does not count, where it does not. */
  readonly problem: string | null
}

/** A copy of the server to plant bugs in; the repository itself is never touched. */
export type Copy = {
  readonly folder: string
  /** Tests that were green on sound code: they need no second look. */
  readonly green: Set<string>
  readonly remove: () => void
}

export const makeCopy = (): Copy => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-mutants-'))
  cpSync(join(REPOSITORY, 'server'), join(folder, 'server'), {
    recursive: true,
    filter: (source) => !source.includes('node_modules'),
  })
  cpSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'))
  return { folder, green: new Set(), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What the runner says about the tests that are named so; a file that cannot be loaded has none of them. */
type Run = { readonly passed: number; readonly failed: number }

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const runTest = (folder: string, { test, named }: Mutant): Promise<Run> =>
  new Promise((resolve, reject) => {
    const args = [
      '--test',
      '--test-reporter=tap',
      `--test-timeout=${TEST_TIMEOUT_MS}`,
      `--test-name-pattern=${escaped(named)}`,
      join('server', test),
    ]
    // Without the runner's own variable, or the child would report to a parent that runs tests itself.
    const { NODE_TEST_CONTEXT: _context, ...environment } = process.env
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: environment,
      timeout: PROCESS_TIMEOUT_MS,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    }
    child.on('error', reject)
    child.on('close', () => {
      const count = (word: string): number =>
        output.match(new RegExp(`^ *${word} \\d+ - .*${escaped(named)}`, 'gm'))?.length ?? 0
      resolve({ passed: count('ok'), failed: count('not ok') })
    })
  })

/** The code with the bug in it, or null when one of its places is not there exactly once. */
export const plant = (sound: string, { find, replace, also = [] }: Mutant): string | null => {
  let code = sound
  for (const edit of [{ find, replace }, ...also]) {
    if (code.split(edit.find).length !== 2) return null
    code = code.replace(edit.find, () => edit.replace)
  }
  return code
}

export const readSound = ({ file }: Pick<Mutant, 'file'>): string =>
  readFileSync(join(REPOSITORY, 'server', file), 'utf8')

/** Sound code first, then with the bug: the named test must be green, then red. */
const judge = async ({ folder, green }: Copy, mutant: Mutant): Promise<string | null> => {
  const path = join(folder, 'server', mutant.file)
  const sound = readFileSync(path, 'utf8')
  const bugged = plant(sound, mutant)
  if (bugged === null) return 'its place is not there exactly once'
  const key = `${mutant.test} ${mutant.named}`
  if (!green.has(key)) {
    const before = await runTest(folder, mutant)
    if (before.passed === 0 || before.failed > 0) return 'its test is not green without it'
    green.add(key)
  }
  writeFileSync(path, bugged)
  const after = await runTest(folder, mutant).finally(() => writeFileSync(path, sound))
  if (after.failed > 0) return null
  return after.passed > 0 ? 'its test stays green' : 'its test did not run'
}

export const play = async (copy: Copy, mutant: Mutant): Promise<Played> => {
  const from = performance.now()
  const problem = await judge(copy, mutant)
  return { mutant, caught: problem === null, seconds: (performance.now() - from) / 1_000, problem }
}
