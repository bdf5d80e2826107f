import type { Command } from 'commander'
import { accepted } from '../accepted.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { readDuration } from '../read-duration.ts'
import { withPlatform } from '../with-platform.ts'
import { moment } from '../wording.ts'
import { tellKey } from './keys-create.ts'

type Options = { readonly json?: true; readonly expires?: number }

export const addRoll = (keys: Command, context: Context): void => {
  const command = keys
    .command('roll')
    .summary('put a new key in the place of one')
    .description(
      'Makes a new key that may do what the old one may, and prints it, once. The old one ends at once, or after the time that --expires gives for changing over.',
    )
    .argument('<id>', 'as `evenkeel keys list` shows it')
    .option('--expires <time>', 'for how long the old key goes on working, such as 24h', readDuration)
    .option('--json', 'print JSON, for scripts')
    .action(async (id: string, { json, expires = 0 }: Options) => {
      const rolled = await withPlatform(context, async ({ tenants }) =>
        accepted(await tenants.rollKey(id, expires * 1_000)),
      )
      tellKey(context, rolled, json === true)
      if (json === true) return
      const { old } = rolled
      const ends =
        expires === 0 || old.expiresMs === null ? 'ends now' : `works until ${moment(old.expiresMs)}`
      context.terminal.say(`The old key ${old.id} ${ends}.`)
    })
  addExamples(command, [
    ['evenkeel keys roll key_0199a1b2c3d47e5f8091a2b3c4d5e6f7 --expires 24h', 'with a day to change over'],
  ])
}

export const addPermissions = (keys: Command, context: Context): void => {
  keys
    .command('permissions')
    .summary('list what a restricted key may be given')
    .description('Lists the permissions that the API asks for, one on a line.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { readonly json?: true }) => {
      const { terminal } = context
      const all = await withPlatform(context, async ({ permissions }) => permissions())
      terminal.answer(json === true ? JSON.stringify(all, null, 2) : all.join('\n'))
    })
}
