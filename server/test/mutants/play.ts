import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutant } from './mutants.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..')
const TEST_TIMEOUT_MS = 30_000

export type Played = {
  readonly mutant: Mutant
  readonly caught: boolean
  readonly seconds: number
  /** Why it does not count, where it does not. */
  readonly problem: string | null
}

/** A copy of the server to plant bugs in; the repository itself is never touched. */
export const makeCopy = (): { readonly folder: string; readonly remove: () => void } => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-mutants-'))
  cpSync(join(REPOSITORY, 'server'), join(folder, 'server'), {
    recursive: true,
    filter: (source) => !source.includes('node_modules'),
  })
  cpSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

type Run = { readonly exitCode: number | null; readonly output: string }

const runTest = (folder: string, { test, named }: Mutant): Promise<Run> =>
  new Promise((resolve) => {
    const pattern = named.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const args = ['--test', '--test-reporter=tap', `--test-name-pattern=${pattern}`, join('server', test)]
    // Without the runner's own variable, or the child would report to a parent that runs tests itself.
    const { NODE_TEST_CONTEXT: _context, ...environment } = process.env
    const child = spawn(process.execPath, args, { cwd: folder, env: environment, timeout: TEST_TIMEOUT_MS })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.on('close', (exitCode) => resolve({ exitCode, output }))
  })

const ranSomething = ({ output }: Run): boolean => /^# pass [1-9]|^# fail [1-9]/m.test(output)

/** Sound code first, then with the bug: the named test must be green, then red. */
const judge = async (folder: string, mutant: Mutant): Promise<string | null> => {
  const path = join(folder, 'server', mutant.file)
  const sound = readFileSync(path, 'utf8')
  if (sound.split(mutant.find).length !== 2) return 'its place is not there exactly once'
  const before = await runTest(folder, mutant)
  if (before.exitCode !== 0 || !ranSomething(before)) return 'its test is not green without it'
  writeFileSync(
    path,
    sound.replace(mutant.find, () => mutant.replace),
  )
  const after = await runTest(folder, mutant)
  writeFileSync(path, sound)
  if (after.exitCode === 0) return 'its test stays green'
  return /^# fail [1-9]|^# cancelled [1-9]/m.test(after.output) || after.exitCode === null
    ? null
    : 'its test did not run'
}

export const play = async (folder: string, mutant: Mutant): Promise<Played> => {
  const from = performance.now()
  const problem = await judge(folder, mutant)
  return { mutant, caught: problem === null, seconds: (performance.now() - from) / 1_000, problem }
}
