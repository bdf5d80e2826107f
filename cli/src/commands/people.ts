import { type Command, Option } from 'commander'
import { accepted } from '../accepted.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { Person } from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { renderTable } from '../table.ts'
import { withPlatform } from '../with-platform.ts'
import { moment } from '../wording.ts'

const ROLES = ['business', 'technology', 'operator', 'viewer'] as const

type Json = { readonly json?: true }
type Whose = { readonly live?: true; readonly sandbox?: string }

const personToJson = (person: Person): object => ({
  id: person.id,
  object: 'person',
  created: Math.floor(person.createdMs / 1_000),
  name: person.name,
  removed_at: person.removedMs === null ? null : Math.floor(person.removedMs / 1_000),
  role: person.role,
  tenant: person.tenantName,
})

/** What is nobody's name, and would be a slip of the pen. */
const tenantOf = ({ live, sandbox }: Whose): string | null => {
  if (sandbox === 'live')
    throw new CommandProblem('"live" is not a sandbox', 'For the live books write --live.')
  return live === true ? 'live' : (sandbox ?? null)
}

type WithKey = { readonly person: Person; readonly text: string; readonly keyId: string }

/** The key's text alone goes where answers go, so that a script can take it. */
const tellKey = ({ terminal }: Context, { person, text, keyId }: WithKey, isJson: boolean): void => {
  if (isJson) {
    terminal.answer(JSON.stringify({ ...personToJson(person), key: keyId, secret: text }))
    return
  }
  terminal.answer(text)
  const where = person.tenantName === 'live' ? 'the live books' : `the sandbox "${person.tenantName}"`
  terminal.say(
    `${person.name} (${person.id}) has the role ${person.role} in ${where}. The key above is his or hers alone and is shown this once.`,
  )
}

const addAdd = (people: Command, context: Context): void => {
  const command = people
    .command('add')
    .summary('add a person, with a key of their own')
    .description(
      'Adds a person and prints their key, once. It is recorded in the audit log together with who added them: the user of this machine. No call of the API can do this. Without an option it is for the sandbox "sandbox".',
    )
    .argument('<name>', 'by which the others know them')
    .addOption(
      new Option('--role <role>', 'business and technology sign launches, operators stop, viewers look')
        .choices(ROLES)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--live', 'of the live books').conflicts('sandbox'))
    .option('--sandbox <name>', 'of this sandbox')
    .option('--json', 'print JSON, for scripts')
    .action(async (name: string, options: Json & Whose & { readonly role: string }) => {
      const tenant = tenantOf(options) ?? 'sandbox'
      const added = await withPlatform(context, async (platform) =>
        accepted(await platform.people.add({ tenant, name, role: options.role })),
      )
      tellKey(context, added, options.json === true)
    })
  addExamples(command, [
    ["evenkeel people add 'Ada Lovelace' --role technology", 'in the sandbox "sandbox"'],
    ["evenkeel people add 'Grace Hopper' --role business --live", 'for launches with real money'],
  ])
}

const COLUMNS = ['ID', 'NAME', 'ROLE', 'TENANT', 'ADDED', 'STATE'].map((title) => ({ title }))

const toRow = (person: Person): readonly string[] => [
  person.id,
  person.name,
  person.role,
  person.tenantName,
  moment(person.createdMs),
  person.removedMs === null ? 'there' : `removed ${moment(person.removedMs)}`,
]

const addList = (people: Command, context: Context): void => {
  const { terminal } = context
  people
    .command('list')
    .summary('list the people')
    .description('Lists the people, newest first, those who were removed as well.')
    .addOption(new Option('--live', 'of the live books only').conflicts('sandbox'))
    .option('--sandbox <name>', 'of this sandbox only')
    .option('--json', 'print JSON')
    .action(async (options: Json & Whose) => {
      const tenant = tenantOf(options)
      const found = await withPlatform(context, async (platform) => {
        if (tenant !== null && (await platform.tenants.find(tenant)) === null)
          throw new CommandProblem(
            `There is no sandbox "${tenant}"`,
            'List them with: evenkeel sandboxes list',
            1,
          )
        return platform.people.list(tenant)
      })
      if (options.json === true) terminal.answer(JSON.stringify(found.map(personToJson), null, 2))
      else if (found.length === 0)
        terminal.answer('There is nobody. Add somebody with: evenkeel people add NAME --role ROLE')
      else terminal.answer(renderTable(COLUMNS, found.map(toRow), terminal.paintAnswer))
    })
}

const addKey = (people: Command, context: Context): void => {
  const command = people
    .command('key')
    .summary('give a person a new key')
    .description('Makes a new key for a person and prints it, once. The old one stops within a second.')
    .argument('<id>', 'as `evenkeel people list` shows it')
    .option('--json', 'print JSON, for scripts')
    .action(async (id: string, { json }: Json) => {
      const made = await withPlatform(context, async (platform) =>
        accepted(await platform.people.renewKey(id)),
      )
      tellKey(context, made, json === true)
    })
  addExamples(command, [['evenkeel people key person_0199a1b2c3d47e5f8091a2b3c4d5e6f7', 'when it was lost']])
}

const addRemove = (people: Command, context: Context): void => {
  const command = people
    .command('remove')
    .summary('end a person’s key for ever')
    .description(
      'Removes a person: the key stops within a second, everywhere. The record stays, because signatures name it.',
    )
    .argument('<id>', 'as `evenkeel people list` shows it')
    .action(async (id: string) => {
      const { person, wasRemoved } = await withPlatform(context, async (platform) =>
        accepted(await platform.people.remove(id)),
      )
      const who = `${person.name} (${person.id}, ${person.tenantName})`
      context.terminal.answer(wasRemoved ? `${who} was removed before.` : `${who} is removed.`)
    })
  addExamples(command, [['evenkeel people remove person_0199a1b2c3d47e5f8091a2b3c4d5e6f7', 'by the id']])
}

export const addPeople = (program: Command, context: Context): void => {
  const people = program
    .command('people')
    .summary('add, list and remove people')
    .description(
      'People have a role and a key of their own: business and technology sign launches, operators stop them, viewers look.',
    )
  addAdd(people, context)
  addList(people, context)
  addKey(people, context)
  addRemove(people, context)
}
