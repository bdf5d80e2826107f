import { type Command, Option } from 'commander'
import { accepted } from '../accepted.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { ApiKey } from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { renderTable } from '../table.ts'
import { withPlatform } from '../with-platform.ts'
import { moment } from '../wording.ts'
import { addCreate } from './keys-create.ts'
import { keyToJson } from './keys-json.ts'
import { addPermissions, addRoll } from './keys-roll.ts'

type Json = { readonly json?: true }
type Whose = { readonly live?: true; readonly sandbox?: string }

const stateOf = ({ revokedMs, expiresMs, replacedBy }: ApiKey): string => {
  if (revokedMs !== null) return `revoked ${moment(revokedMs)}`
  if (expiresMs === null) return 'good'
  const replaced = replacedBy === null ? '' : ', replaced'
  return `${expiresMs <= Date.now() ? 'expired' : 'good until'} ${moment(expiresMs)}${replaced}`
}

const PREFIXES = { secret: 'sk', restricted: 'rk', publishable: 'pk', person: 'uk' } as const

const toRow = (key: ApiKey): readonly string[] => [
  key.id,
  key.name,
  key.tenantName,
  key.kind,
  `${PREFIXES[key.kind]}_${key.mode}_…${key.last4}`,
  moment(key.createdMs),
  key.lastUsedMs === null ? '–' : moment(key.lastUsedMs),
  stateOf(key),
]

const COLUMNS = ['ID', 'NAME', 'TENANT', 'KIND', 'KEY', 'CREATED', 'LAST USED', 'STATE'].map((title) => ({
  title,
}))

const addList = (keys: Command, context: Context): void => {
  const { terminal } = context
  keys
    .command('list')
    .summary('list the keys')
    .description(
      'Lists the keys, newest first. Of the secret itself nobody knows more than its last four characters.',
    )
    .addOption(new Option('--live', 'of the live books only').conflicts('sandbox'))
    .option('--sandbox <name>', 'of this sandbox only')
    .option('--json', 'print JSON')
    .action(async ({ live, sandbox, json }: Json & Whose) => {
      const tenant = live === true ? 'live' : (sandbox ?? null)
      const found = await withPlatform(context, async ({ tenants }) => {
        if (tenant !== null && (await tenants.find(tenant)) === null)
          throw new CommandProblem(
            `There is no sandbox "${tenant}"`,
            'List them with: evenkeel sandboxes list',
            1,
          )
        return tenants.listKeys(tenant)
      })
      if (json === true) terminal.answer(JSON.stringify(found.map(keyToJson), null, 2))
      else if (found.length === 0) terminal.answer('There is no key. Make one with: evenkeel keys create')
      else terminal.answer(renderTable(COLUMNS, found.map(toRow), terminal.paintAnswer))
    })
}

const addRevoke = (keys: Command, context: Context): void => {
  const { terminal } = context
  const command = keys
    .command('revoke')
    .summary('end a key for ever')
    .description('Revokes a key. Every server process refuses it within a second, and it never works again.')
    .argument('<id>', 'as `evenkeel keys list` shows it')
    .action(async (id: string) => {
      const { key, wasRevoked } = await withPlatform(context, async ({ tenants }) =>
        accepted(await tenants.revokeKey(id)),
      )
      const what = `Key ${key.id} ("${key.name}", ${key.tenantName})`
      terminal.answer(wasRevoked ? `${what} was revoked before.` : `${what} is revoked.`)
    })
  addExamples(command, [['evenkeel keys revoke key_0199a1b2c3d47e5f8091a2b3c4d5e6f7', 'by its id']])
}

export const addKeys = (program: Command, context: Context): void => {
  const keys = program
    .command('keys')
    .summary('make, list, roll and revoke API keys')
    .description('API keys: what a request to the API proves itself with.')
  addCreate(keys, context)
  addList(keys, context)
  addRoll(keys, context)
  addRevoke(keys, context)
  addPermissions(keys, context)
}
