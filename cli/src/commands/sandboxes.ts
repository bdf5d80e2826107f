import type { Command } from 'commander'
import { accepted } from '../accepted.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { CommandProblem } from '../problem.ts'
import { renderTable } from '../table.ts'
import { withPlatform } from '../with-platform.ts'
import { many, moment } from '../wording.ts'

type Json = { readonly json?: true }

const addCreate = (sandboxes: Command, context: Context): void => {
  const { terminal } = context
  const command = sandboxes
    .command('create')
    .summary('make a sandbox')
    .description('Makes a sandbox: books of its own, with its own keys, apart from all others.')
    .argument('<name>', '1 to 40 of the characters a-z, 0-9 and "-"')
    .option('--time-zone <zone>', 'in which its days begin, such as Europe/Prague', 'UTC')
    .option('--json', 'print JSON')
    .action(async (name: string, { timeZone, json }: Json & { readonly timeZone: string }) => {
      const { tenant } = await withPlatform(context, async ({ tenants }) =>
        accepted(await tenants.createSandbox({ name, timeZone })),
      )
      if (json === true) terminal.answer(JSON.stringify({ name: tenant.name, time_zone: tenant.timeZone }))
      else {
        terminal.answer(`Sandbox "${tenant.name}" is there, with its days in ${tenant.timeZone}.`)
        terminal.say(`A key for it: evenkeel keys create --sandbox ${tenant.name}`)
      }
    })
  addExamples(command, [
    ['evenkeel sandboxes create month-end --time-zone Europe/Prague', 'with days of its own'],
  ])
}

const addList = (sandboxes: Command, context: Context): void => {
  const { terminal } = context
  sandboxes
    .command('list')
    .summary('list the sandboxes')
    .option('--json', 'print JSON')
    .action(async ({ json }: Json) => {
      const all = await withPlatform(context, ({ tenants }) => tenants.list())
      const found = all.filter(({ kind }) => kind === 'sandbox')
      if (json === true) {
        const shown = found.map(({ name, timeZone, createdMs }) => ({
          name,
          time_zone: timeZone,
          created: Math.floor(createdMs / 1_000),
        }))
        terminal.answer(JSON.stringify(shown, null, 2))
        return
      }
      const rows = found.map(({ name, timeZone, createdMs }) => [name, timeZone, moment(createdMs)])
      const columns = [{ title: 'NAME' }, { title: 'TIME ZONE' }, { title: 'CREATED' }]
      terminal.answer(
        rows.length === 0
          ? 'There is no sandbox. Make one with: evenkeel sandboxes create NAME'
          : renderTable(columns, rows, terminal.paintAnswer),
      )
    })
}

const addDelete = (sandboxes: Command, context: Context): void => {
  const command = sandboxes
    .command('delete')
    .summary('delete a sandbox and everything in it')
    .description('Deletes a sandbox with its books, keys and history. Nothing of it can be brought back.')
    .argument('<name>', 'of the sandbox')
    .option('--yes', 'really')
    .action(async (name: string, { yes }: { readonly yes?: true }) => {
      if (yes !== true)
        throw new CommandProblem(
          `This would delete the sandbox "${name}" with everything in it, for ever`,
          `If that is meant: evenkeel sandboxes delete ${name} --yes`,
        )
      const { rows } = await withPlatform(context, async ({ tenants }) =>
        accepted(await tenants.deleteSandbox(name)),
      )
      context.terminal.answer(`Sandbox "${name}" is deleted, with ${many(rows, 'row')}.`)
    })
  addExamples(command, [['evenkeel sandboxes delete month-end --yes', 'without being asked again']])
}

export const addSandboxes = (program: Command, context: Context): void => {
  const sandboxes = program
    .command('sandboxes')
    .summary('make, list and delete sandboxes')
    .description('Sandboxes are books for tests, apart from the live ones and from each other.')
  addCreate(sandboxes, context)
  addList(sandboxes, context)
  addDelete(sandboxes, context)
}
