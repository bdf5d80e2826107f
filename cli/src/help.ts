import type { Command } from 'commander'

export type Example = readonly [line: string, meaning: string]

const title = (command: Command, text: string): string => command.configureHelp().styleTitle?.(text) ?? text

/** Lines that can be typed as they stand, each with what it does. */
export const addExamples = (command: Command, examples: readonly Example[]): Command => {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`)
  return command.addHelpText('after', () => `\n${title(command, 'Examples:')}\n${lines.join('\n')}`)
}

const EXIT_CODES = `  0    done
  1    the answer is no: the proof failed, the API refused, the import is not complete
  2    it could not be done: a wrong command or setting, no server, no database
  130  stopped by Ctrl-C`

export const addExitCodes = (command: Command): Command =>
  command.addHelpText('after', () => `\n${title(command, 'Exit codes:')}\n${EXIT_CODES}`)
