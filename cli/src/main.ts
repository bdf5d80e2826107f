import { INTERRUPTS_APART_MS } from './limits.ts'
import type { Door } from './platform.ts'
import { run } from './run.ts'
import { runProgram } from './run-program.ts'
import { processTerminal } from './terminal.ts'

const loadDoor = async (): Promise<Door> => import('@evenkeel/server')

const code = await run(process.argv.slice(2), {
  terminal: processTerminal(INTERRUPTS_APART_MS),
  loadDoor,
  fetch: globalThis.fetch,
  runProgram,
})
// What was interrupted may still be running.
if (code === 130) process.exit(code)
// `start` returns while its server runs on, and sets the code itself when that ends.
if (code !== 0) process.exitCode = code
