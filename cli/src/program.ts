import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addAudit } from './commands/audit.ts'
import { addBackup } from './commands/backup.ts'
import { addBench } from './commands/bench.ts'
import { addBoard } from './commands/board.ts'
import { addClock } from './commands/clock.ts'
import { addConfig } from './commands/config.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEvents } from './commands/events.ts'
import { addExport } from './commands/export.ts'
import { addGet } from './commands/get.ts'
import { addImport } from './commands/import.ts'
import { addKeys } from './commands/keys.ts'
import { addLaunch } from './commands/launch.ts'
import { addListen } from './commands/listen.ts'
import { addMasterKey } from './commands/master-key.ts'
import { addMove } from './commands/move.ts'
import { addPeople } from './commands/people.ts'
import { addPost } from './commands/post.ts'
import { addPremortem } from './commands/premortem.ts'
import { addRestore } from './commands/restore.ts'
import { addRouting } from './commands/routing.ts'
import { addSandboxes } from './commands/sandboxes.ts'
import { addStart } from './commands/start.ts'
import { addVerify } from './commands/verify.ts'
import type { Context } from './context.ts'
import { addExamples, addExitCodes } from './help.ts'
import type { Terminal } from './terminal.ts'

/** import <file>, and not import [options] <file>: what can be added stands in the command's own help. */
const termOf = (command: Command): string => {
  const parts = command.registeredArguments.map((part) =>
    part.required ? `<${part.name()}>` : `[${part.name()}]`,
  )
  return [command.name(), ...parts].join(' ')
}

/** Help and commander's own errors go where all answers and errors of ours go, in our colours. */
const speakThrough = (program: Command, terminal: Terminal): void => {
  const { paintAnswer, paintSaid, width } = terminal
  program.configureOutput({
    writeOut: (text) => terminal.answer(text.trimEnd()),
    writeErr: (text) => terminal.say(text.trimEnd()),
    getOutHelpWidth: () => width,
    getErrHelpWidth: () => width,
    // Colours are put in by paint, which knows whether they are wanted.
    getOutHasColors: () => true,
    getErrHasColors: () => true,
    outputError: (text, write) => write(text.replace(/^error:/, paintSaid('red', 'error:'))),
  })
  program.configureHelp({
    showGlobalOptions: false,
    sortOptions: false,
    styleTitle: (title) => paintAnswer('bold', title),
    subcommandTerm: termOf,
    visibleCommands: (command) => command.commands.filter((inner) => inner.name() !== 'help'),
  })
}

/** Every command, in the order of its use. */
export const createProgram = (context: Context): Command => {
  const program = new Command('evenkeel')
    .description('Evenkeel, a payments platform that you run yourself.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
  speakThrough(program, context.terminal)
  program.commandsGroup('Run it:')
  addStart(program, context)
  addConfig(program, context)
  addDoctor(program, context)
  program.commandsGroup('Prove it:')
  addVerify(program, context)
  addAudit(program, context)
  addImport(program, context)
  addBench(program, context)
  program.commandsGroup('Keep it:')
  addBackup(program, context)
  addRestore(program, context)
  addMove(program, context)
  addExport(program, context)
  addMasterKey(program, context)
  program.commandsGroup('Let somebody in:')
  addKeys(program, context)
  addPeople(program, context)
  addSandboxes(program, context)
  program.commandsGroup('Launch it:')
  addLaunch(program, context)
  addPremortem(program, context)
  addBoard(program, context)
  program.commandsGroup('Speak with it:')
  addGet(program, context)
  addPost(program, context)
  addClock(program, context)
  addRouting(program, context)
  addEvents(program, context)
  addListen(program, context)
  addExamples(program, [
    ['evenkeel start', 'a running platform'],
    ['evenkeel keys create', 'a key for the sandbox'],
    ['evenkeel verify', 'proof that the books balance'],
    ['evenkeel help import', 'the help of one command'],
  ])
  addExitCodes(program)
  return program
}
