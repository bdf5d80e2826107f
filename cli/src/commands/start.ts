import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'

export const addStart = (program: Command, { loadDoor }: Context): void => {
  const command = program
    .command('start')
    .summary('start the server')
    .description(
      'Starts the server, with a PostgreSQL of its own unless DATABASE_URL is set, and serves until Ctrl-C. The same as `npm start`. Settings come from the environment and from .env; `evenkeel config` shows them.',
    )
    .action(async () => {
      const { startServer } = await loadDoor()
      await startServer()
    })
  addExamples(command, [
    ['evenkeel start', 'on http://127.0.0.1:8484, data in .evenkeel'],
    ['PORT=9000 evenkeel start', 'on another port'],
  ])
}
