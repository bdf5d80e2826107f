import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { renderTable } from '../table.ts'

type Options = { readonly json?: true }

export const addConfig = (program: Command, { terminal, loadDoor }: Context): void => {
  const command = program
    .command('config')
    .summary('print the settings in force')
    .description(
      'Prints every setting, where it comes from, and its value; of a secret only that it is set. What a server that is running was started with may be something else.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const { showConfiguration } = await loadDoor()
      const settings = showConfiguration()
      if (json === true) {
        terminal.answer(JSON.stringify(settings, null, 2))
        return
      }
      const rows = settings.map(({ name, shown, source }) => [name, shown, source])
      const columns = [{ title: 'SETTING' }, { title: 'VALUE' }, { title: 'FROM' }]
      terminal.answer(renderTable(columns, rows, terminal.paintAnswer))
    })
  addExamples(command, [['evenkeel config', 'what is set here, and where']])
}
