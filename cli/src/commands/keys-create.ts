import { type Command, Option } from 'commander'
import { accepted } from '../accepted.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { ApiKey } from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { readDuration } from '../read-duration.ts'
import { withPlatform } from '../with-platform.ts'
import { moment } from '../wording.ts'
import { keyToJson } from './keys-json.ts'

type Options = {
  readonly json?: true
  readonly live?: true
  readonly sandbox?: string
  readonly name?: string
  readonly restricted?: true
  readonly publishable?: true
  readonly permission?: readonly string[]
  readonly expires?: number
}

const gather = (text: string, before: readonly string[] = []): readonly string[] => [...before, text]

type Kind = Exclude<ApiKey['kind'], 'person'>

const KINDS = {
  secret: { name: 'Secret key', note: '' },
  restricted: { name: 'Restricted key', note: ' It may do only what it was given.' },
  publishable: { name: 'Publishable key', note: ' It may be shown: it finishes what a secret key began.' },
} as const

const kindOf = ({ restricted, publishable, permission }: Options): Kind => {
  if (permission !== undefined && restricted !== true)
    throw new CommandProblem('Only a restricted key has permissions', 'Add --restricted.')
  return restricted === true ? 'restricted' : publishable === true ? 'publishable' : 'secret'
}

/** A key that was made: its text alone goes where answers go, so that a script can take it. */
export const tellKey = (
  { terminal }: Context,
  { key, text }: { readonly key: ApiKey; readonly text: string },
  isJson: boolean,
): void => {
  if (isJson) {
    terminal.answer(JSON.stringify({ ...keyToJson(key), secret: text }))
    return
  }
  terminal.answer(text)
  const whose =
    key.mode === 'live' ? 'Live key: it moves real money.' : `For the sandbox "${key.tenantName}".`
  const note = key.kind === 'person' ? '' : KINDS[key.kind].note
  const until = key.expiresMs === null ? '' : ` It expires ${moment(key.expiresMs)}.`
  terminal.say(`${whose}${note}${until} It is shown this once; its id is ${key.id}.`)
}

export const addCreate = (keys: Command, context: Context): void => {
  const command = keys
    .command('create')
    .summary('make a key')
    .description(
      'Makes a key and prints it, once: the database keeps a hash of it only. Without an option it is a secret key for the sandbox "sandbox".',
    )
    .addOption(new Option('--live', 'for the live books: real money').conflicts('sandbox'))
    .option('--sandbox <name>', 'for this sandbox')
    .option('--name <text>', 'by which people tell it from others')
    .addOption(new Option('--restricted', 'that may do only what --permission says').conflicts('publishable'))
    .option(
      '--permission <name>',
      'of a restricted key, as `keys permissions` lists them; as often as needed',
      gather,
    )
    .option('--publishable', 'that may stand in a web page')
    .option('--expires <time>', 'after which it ends by itself, such as 24h or 90d', readDuration)
    .option('--json', 'print JSON, for scripts')
    .action(async (options: Options) => {
      const { live, sandbox, permission, expires } = options
      const tenant = live === true ? 'live' : (sandbox ?? 'sandbox')
      if (sandbox === 'live')
        throw new CommandProblem('"live" is not a sandbox', 'For a live key write --live.')
      const kind = kindOf(options)
      const made = await withPlatform(context, async ({ tenants }) =>
        accepted(
          await tenants.createKey({
            tenant,
            name: options.name ?? KINDS[kind].name,
            ...(kind === 'secret' ? {} : { kind }),
            ...(kind === 'restricted' ? { permissions: permission ?? [] } : {}),
            ...(expires === undefined ? {} : { expiresMs: Date.now() + expires * 1_000 }),
          }),
        ),
      )
      tellKey(context, made, options.json === true)
    })
  addExamples(command, [
    ['evenkeel keys create', 'for the sandbox "sandbox"'],
    ["evenkeel keys create --live --name 'Shop server'", 'for real money'],
    ['evenkeel keys create --restricted --permission ledger.read', 'that only reads the ledger'],
    ['export EVENKEEL_API_KEY=$(evenkeel keys create)', 'for `evenkeel get` and `post`'],
  ])
}
