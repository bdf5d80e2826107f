import type { Command } from 'commander'
import { type ApiOptions, addApiOptions, asProblem, callApi, clientFor } from '../api.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import { CommandProblem } from '../problem.ts'
import { renderTable } from '../table.ts'
import { withPlatform } from '../with-platform.ts'

const PATH = '/v1/audit_entries'
const PAGE_MOST = 100
const HASH_SHOWN = 12

type Entry = Readonly<Record<string, unknown>> & {
  readonly position: number
  readonly created: number
  readonly action: string
  readonly subject: string
  readonly hash: string
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string | null }
}

type ListOptions = ApiOptions & {
  readonly action?: string
  readonly subject?: string
  readonly limit: string
  readonly json?: true
}

const readLimit = (text: string): string => {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= PAGE_MOST) return text
  throw new CommandProblem(
    `"${text}" is not a number of entries`,
    `Give --limit a number from 1 to ${PAGE_MOST}.`,
  )
}

const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 19)

const ask = async (
  context: Context,
  options: ApiOptions,
  payload: Readonly<Record<string, string>>,
): Promise<readonly Entry[]> => {
  const client = clientFor(context, options, PATH)
  const answer = await client.send('GET', PATH, payload).catch((error: unknown) => {
    throw asProblem(error)
  })
  return (answer.data as { readonly data: readonly Entry[] }).data
}

const COLUMNS = ['POSITION', 'WHEN (UTC)', 'WHO', 'ACTION', 'SUBJECT', 'HASH'].map((title) => ({ title }))

const toRow = ({ position, created, actor, action, subject, hash }: Entry): readonly string[] => [
  String(position),
  timeOf(created),
  actor.name ?? `${actor.kind} ${actor.id}`,
  action,
  subject,
  `${hash.slice(0, HASH_SHOWN)}…`,
]

const list = async (context: Context, options: ListOptions): Promise<void> => {
  const { terminal } = context
  const { action, subject, limit } = options
  const payload = {
    limit,
    ...(action === undefined ? {} : { action }),
    ...(subject === undefined ? {} : { subject }),
  }
  if (options.json === true) {
    await callApi(context, { method: 'GET', path: PATH, payload, options })
    return
  }
  const found = await ask(context, options, payload)
  if (found.length === 0) terminal.say('Nothing was recorded.')
  else terminal.answer(renderTable(COLUMNS, found.map(toRow), terminal.paintAnswer))
}

const addList = (audit: Command, context: Context): void => {
  const command = audit
    .command('list')
    .summary('list who did what, the newest first')
    .description('Lists the audit log: acts on launches, people, keys and settings.')
    .option('--action <action>', 'only acts of this kind, such as launch.signed')
    .option('--subject <id>', 'only what was done to this, such as launch_…')
    .option('--limit <count>', `how many, up to ${PAGE_MOST}`, readLimit, '20')
    .option('--json', 'print JSON')
  addApiOptions(command).action((options: ListOptions) => list(context, options))
  addExamples(command, [
    ['evenkeel audit list', 'the newest'],
    ['evenkeel audit list --action key.created', 'who made which key'],
  ])
}

const addShow = (audit: Command, context: Context): void => {
  const command = audit
    .command('show')
    .summary('show one entry, with what was before and after')
    .argument('<id>', 'audit_…, or its position')
  addApiOptions(command).action(async (id: string, options: ApiOptions) => {
    if (!/^\d{1,15}$/.test(id)) {
      const path = `${PATH}/${encodeURIComponent(id)}`
      await callApi(context, { method: 'GET', path, payload: {}, options })
      return
    }
    const [entry] = await ask(context, options, { position: id })
    if (entry === undefined) throw new CommandProblem(`There is no entry at position ${id}`, null, 1)
    context.terminal.answer(JSON.stringify(entry, null, 2))
  })
  addExamples(command, [['evenkeel audit show 57', 'by its position']])
}

const readPosition = (text: string): string => {
  if (/^[1-9]\d{0,14}$/.test(text)) return text
  throw new CommandProblem(`"${text}" is not a position`, 'Give the position and the hash of a receipt.')
}

const HASH = /^[0-9a-f]{64}$/

/** Null where the receipt is good; else what is wrong. */
const problemOf = (
  entry: Entry | undefined,
  receipt: { readonly position: string; readonly hash: string },
  hashOf: (entry: Entry) => string,
): string | null => {
  const { position, hash } = receipt
  if (entry === undefined) return `There is no entry at position ${position} any more: the log was cut off`
  if (entry.hash !== hash) return `The entry at position ${position} is another one: the log was rewritten`
  if (hashOf(entry) !== hash)
    return `The entry at position ${position} has the hash, and says something else: it was edited`
  return null
}

const addCheck = (audit: Command, context: Context): void => {
  const command = audit
    .command('check')
    .summary('check a receipt: that what was done stands as it was done')
    .description(
      'Whoever signs, starts, stops or changes something is given the position and the hash of its entry. This computes the hash of the entry that stands there now, and compares. Ends with 1 when it is another.',
    )
    .argument('<position>', 'of the receipt', readPosition)
    .argument('<hash>', 'of the receipt')
  addApiOptions(command).action(async (position: string, text: string, options: ApiOptions) => {
    const hash = text.toLowerCase()
    if (!HASH.test(hash))
      throw new CommandProblem(`"${text}" is not a hash`, 'Give all 64 characters of the receipt.')
    const [entry] = await ask(context, options, { position })
    const { hashOfAuditEntry } = await context.loadDoor()
    const problem = problemOf(entry, { position, hash }, hashOfAuditEntry)
    if (problem !== null || entry === undefined)
      throw new CommandProblem(problem ?? '', 'Find out how far it goes with: evenkeel verify --audit', 1)
    context.terminal.answer(
      `Entry ${position} stands as it was recorded: ${entry.action} of ${entry.subject} by ${entry.actor.name ?? entry.actor.id}, ${timeOf(entry.created)} UTC.`,
    )
  })
  addExamples(command, [
    ['evenkeel audit check 57 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'a receipt'],
  ])
}

const addKeys = (audit: Command, context: Context): void => {
  const { terminal } = context
  audit
    .command('public-key')
    .summary('print the key that auditors keep')
    .description(
      'Prints the public key of the signatures under the log’s heads. Keep it where nobody who runs this machine can change it, and give it to verify --audit --public-key.',
    )
    .action(async () => {
      const { publicKey, id } = await withPlatform(context, async (platform) => platform.audit.publicKey())
      terminal.answer(publicKey)
      terminal.say(`Its id is ${id}.`)
    })
  audit
    .command('rotate-key')
    .summary('replace the key that signs')
    .description(
      'Makes a new key for the signatures under the log’s heads, where the old one was lost or may be known to others. It is recorded in the live log, and in the anchor file with the signatures of both keys, as far as both are there. Servers sign with it from then on.',
    )
    .option('--yes', 'really')
    .action(async ({ yes }: { readonly yes?: true }) => {
      if (yes !== true)
        throw new CommandProblem(
          'This would replace the key that signs the audit log',
          'If that is meant: evenkeel audit rotate-key --yes',
        )
      const { before, after } = await withPlatform(context, (platform) => platform.audit.rotateKey())
      terminal.answer(`The key is ${after}${before === null ? '' : `, in the place of ${before}`}.`)
      terminal.say('Give auditors the new one: evenkeel audit public-key')
    })
}

export const addAudit = (program: Command, context: Context): void => {
  const audit = program
    .command('audit')
    .summary('see who did what, and check receipts')
    .description(
      'The audit log: who did what to launches, people, keys and settings, when and why. Nobody can change it unnoticed: `evenkeel verify --audit` proves it.',
    )
  addList(audit, context)
  addShow(audit, context)
  addCheck(audit, context)
  addKeys(audit, context)
}
