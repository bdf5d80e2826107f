import type { Door } from './platform.ts'
import type { ExitCode } from './problem.ts'
import type { Terminal } from './terminal.ts'

/** What every command is given. */
export type Context = {
  readonly terminal: Terminal
  /** Loads main's door. Only in the action of a command that needs it: it brings the whole server with it. */
  readonly loadDoor: () => Promise<Door>
  /** For the commands that speak with a server over HTTP. */
  readonly fetch: typeof globalThis.fetch
  /** Runs another of our programs in this one's place, such as the benchmarks; its exit code. */
  readonly runProgram: (path: string, args: readonly string[]) => Promise<number>
  /** How the command ended. */
  readonly end: (exitCode: ExitCode | number) => void
}
