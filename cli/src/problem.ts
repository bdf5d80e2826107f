import type { Paint } from './paint.ts'

/**
 * How a command ends, as docs/guides/command-line.md says:
 *   0    done
 *   1    the answer is no: the proof failed, the API refused, the import is not complete
 *   2    it could not be done: a wrong command, a setting, a server or database that is not there
 *   130  stopped by Ctrl-C
 */
export type ExitCode = 0 | 1 | 2 | 130

/** What keeps a command from being done, and what to do about it. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem'
  readonly fix: string | null
  readonly exitCode: ExitCode

  constructor(message: string, fix: string | null, exitCode: ExitCode = 2) {
    super(message)
    this.fix = fix
    this.exitCode = exitCode
  }
}

export type Explained = { readonly message: string; readonly fix: string | null; readonly exitCode: ExitCode }

const hasFix = (error: Error): error is Error & { readonly fix: string } =>
  'fix' in error && typeof error.fix === 'string'

const DEBUG_HINT = 'Run it again with EVENKEEL_DEBUG=1 to see where, and tell us.'

/**
 * What is said about an error. Those of the server are told by their names, because loading its classes would load the
 * server: a SetupProblem is the operator's to mend, a Fault passes, and everything else is a mistake of ours.
 */
export const explain = (error: unknown): Explained => {
  if (error instanceof CommandProblem) return error
  if (!(error instanceof Error)) return { message: String(error), fix: DEBUG_HINT, exitCode: 2 }
  if (error.name === 'SetupProblem' && hasFix(error))
    return { message: error.message, fix: error.fix, exitCode: 2 }
  if (error.name === 'Fault') return { message: error.message, fix: 'Try again.', exitCode: 2 }
  return { message: `Something went wrong that should not: ${error.message}`, fix: DEBUG_HINT, exitCode: 2 }
}

const indented = (text: string): string => text.replaceAll('\n', '\n  ')

/** What the person at the terminal has asked for is no error. */
const headOf = ({ exitCode }: Explained, paint: Paint): string =>
  exitCode === 130 ? '' : `${paint('red', 'error:')} `

export const renderProblem = (explained: Explained, paint: Paint): string => {
  const { message, fix } = explained
  return [
    headOf(explained, paint) + indented(message),
    ...(fix === null ? [] : [`  ${paint('dim', 'fix:')} ${indented(fix)}`]),
  ].join('\n')
}
