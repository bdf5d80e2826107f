// Runs one program after another, each with a heading and its time.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'

export type Step = { name: string; command: string; args: readonly string[] }
type Outcome = { name: string; passed: boolean; seconds: number }

/**
 * Runs a program in the foreground; its exit code, or 1 when a signal ended it alone. When we are told to stop, so
 * is the program, and nothing comes after it.
 */
export const runProgram = (command: string, args: readonly string[], env = process.env): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env })
    let stoppedBy: NodeJS.Signals | null = null
    const stop = (signal: NodeJS.Signals) => {
      stoppedBy = signal
      // A terminal sends Ctrl-C to the child as well; once is enough.
      if (signal !== 'SIGINT') child.kill(signal)
    }
    process.on('SIGTERM', stop).on('SIGHUP', stop).on('SIGINT', stop)
    child.once('error', reject)
    child.once('exit', (code) => {
      process.off('SIGTERM', stop).off('SIGHUP', stop).off('SIGINT', stop)
      if (stoppedBy !== null) process.exit(128 + constants.signals[stoppedBy])
      resolve(code ?? 1)
    })
  })

const seconds = (value: number): string => `${value.toFixed(1).padStart(6)} s`

const runStep = async (step: Step): Promise<Outcome> => {
  process.stdout.write(`\n── ${step.name}\n`)
  const start = performance.now()
  const code = await runProgram(step.command, step.args)
  return { name: step.name, passed: code === 0, seconds: (performance.now() - start) / 1000 }
}

/** Runs every step, also after one has failed: a run in CI costs minutes and should tell everything. */
export const runSteps = async (steps: readonly Step[]): Promise<boolean> => {
  const outcomes: Outcome[] = []
  for (const step of steps) outcomes.push(await runStep(step))

  process.stdout.write('\n── summary\n')
  for (const { name, passed, seconds: took } of outcomes)
    process.stdout.write(`${passed ? '✔' : '✖'} ${seconds(took)}  ${name}\n`)
  return outcomes.every(({ passed }) => passed)
}
