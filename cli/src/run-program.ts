import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** Runs a TypeScript program of ours with this Node, in this terminal. */
export const runProgram = (path: string, args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path, ...args], { stdio: 'inherit' })
    const handOn = (signal: NodeJS.Signals): void => {
      child.kill(signal)
    }
    // A terminal sends Ctrl-C to the child as well: handing it on would make it two.
    const wait = (): void => undefined
    process.on('SIGTERM', handOn).on('SIGINT', wait)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', handOn).off('SIGINT', wait)
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
    })
  })
