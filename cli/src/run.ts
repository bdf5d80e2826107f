import { type Command, CommanderError } from 'commander'
import type { Context } from './context.ts'
import { explain, renderProblem } from './problem.ts'
import { createProgram } from './program.ts'
import { CLEAR } from './progress.ts'

/** The help that shows what would have been right: of the command, where there is one of that name. */
const helpFor = (program: Command, args: readonly string[]): string => {
  const [first = '', second = ''] = args
  const command = program.commands.find((known) => known.name() === first)
  const inner = command?.commands.find((known) => known.name() === second)
  return ['evenkeel', command?.name(), inner?.name(), '--help'].filter((word) => word !== undefined).join(' ')
}

/** Runs one command line; the exit code. Nothing that is thrown gets past it. */
export const run = async (args: readonly string[], given: Omit<Context, 'end'>): Promise<number> => {
  const { terminal } = given
  let exitCode = 0
  const end: Context['end'] = (code) => {
    exitCode = code
  }
  const program = createProgram({ ...given, end })
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help that was asked for is an answer; every other end that commander makes is a wrong command.
      if (error.exitCode === 0) return 0
      const isHelpShown = error.code === 'commander.help'
      if (!isHelpShown) terminal.say(`  ${terminal.paintSaid('dim', 'fix:')} See: ${helpFor(program, args)}`)
      return 2
    }
    const explained = explain(error)
    // Work that was given up could not take its bar away.
    if (explained.exitCode === 130 && terminal.isWatched) terminal.draw(CLEAR)
    terminal.say(renderProblem(explained, terminal.paintSaid))
    const isDebugging = (terminal.environment['EVENKEEL_DEBUG'] ?? '') !== ''
    if (isDebugging && error instanceof Error) terminal.say(error.stack ?? '')
    return explained.exitCode
  }
}
