import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { MasterKeyRotated, MasterKeyStatus, RotationStep } from '../platform.ts'
import { CommandProblem } from '../problem.ts'
import { withPlatform } from '../with-platform.ts'
import { many, moment } from '../wording.ts'

type Json = { readonly json?: true }

const STEPS: Readonly<Record<RotationStep, string | null>> = {
  written: 'The new key is written. Asking every server whether it knows it …',
  announced: null,
  known: 'Every server knows it. Wrapping everything anew …',
  exchanged: null,
  finished: null,
}

const rotatedText = ({ before, after, rewrapped, aside }: MasterKeyRotated): readonly string[] => {
  const was = before === null ? '' : `, in the place of ${before}`
  const done =
    rewrapped === null
      ? `The master key is ${after}${was}. A rotation that was begun before is finished.`
      : `The master key is ${after}${was}. Wrapped anew: ${many(rewrapped.dataKeys, 'data key')} of ${many(rewrapped.tenants, 'tenant')}, ${many(rewrapped.secrets, 'secret')}. The database roles have new passwords.`
  const kept =
    aside === null
      ? [
          'Take the old key out of MASTER_KEY, at every server and for every command; what runs need not be restarted for it.',
          'Backups made until now open only with the old key: keep it as long as you keep them, and make a new backup now.',
        ]
      : [
          `The old key is kept in ${aside}.`,
          'Backups made until now open only with it: keep it beside your copy of the new one as long as you keep them, away from this machine, and make a new backup now.',
        ]
  return [done, ...kept]
}

const addRotate = (masterKey: Command, context: Context): void => {
  const { terminal } = context
  const command = masterKey
    .command('rotate')
    .summary('replace the master key while servers run')
    .description(
      'Makes a new master key, or takes the first of the two in MASTER_KEY, wraps everything by it that the old one wrapped, and gives the database roles new passwords, in one transaction. Servers go on without a restart. Stopped half-way, it goes on from there when it is run again. It is recorded in the audit log.',
    )
    .option('--yes', 'really')
    .option('--json', 'print JSON')
    .action(async ({ yes, json }: Json & { readonly yes?: true }) => {
      if (yes !== true)
        throw new CommandProblem(
          'This would replace the master key, and backups made until now would open only with the old one',
          'If that is meant: evenkeel master-key rotate --yes',
        )
      const onStep = (step: RotationStep): void => {
        const text = STEPS[step]
        if (text !== null && json !== true) terminal.say(text)
      }
      const rotated = await withPlatform(context, (platform) => platform.masterKey.rotate({ onStep }), {
        stopsItself: true,
      })
      if (json === true) terminal.answer(JSON.stringify(rotatedJson(rotated), null, 2))
      else for (const text of rotatedText(rotated)) terminal.answer(text)
    })
  addExamples(command, [
    ['evenkeel master-key rotate --yes', 'with the file master.key'],
    ['MASTER_KEY="NEW OLD" evenkeel master-key rotate --yes', 'once every server has both'],
  ])
}

const rotatedJson = ({ before, after, rewrapped, aside }: MasterKeyRotated): object => ({
  object: 'master_key_rotation',
  fingerprint: after,
  replaced: before,
  old_key_file: aside,
  rewrapped:
    rewrapped === null
      ? null
      : { tenants: rewrapped.tenants, data_keys: rewrapped.dataKeys, secrets: rewrapped.secrets },
})

const statusJson = (status: MasterKeyStatus): object => ({
  object: 'master_key',
  fingerprint: status.fingerprint,
  since: Math.floor(status.sinceMs / 1_000),
  place: status.place,
  file: status.file,
  state: status.state,
  other_key: status.other,
  tenants: status.tenants,
  data_keys: status.dataKeys,
  secrets: status.secrets,
  unreadable: status.unreadable,
})

const stateText = ({ state, other }: MasterKeyStatus): string => {
  switch (state) {
    case 'steady':
      return 'No other key is written beside it.'
    case 'prepared':
      return `The key ${other} stands before it, to take its place: evenkeel master-key rotate --yes`
    case 'unfinished':
      return `The key ${other}, which it has taken the place of, still stands beside it. With the file master.key run: evenkeel master-key rotate --yes. From MASTER_KEY take the old one out.`
  }
}

const statusText = (status: MasterKeyStatus): readonly string[] => [
  `The master key is ${status.fingerprint}, from ${status.file ?? status.place}, since ${moment(status.sinceMs)}.`,
  stateText(status),
  status.unreadable.length === 0
    ? `Everything that it protects opens: ${many(status.dataKeys, 'data key')} of ${many(status.tenants, 'tenant')}, ${many(status.secrets, 'secret')}.`
    : `What does not open: ${status.unreadable.join('; ')}. Restore it from a backup.`,
]

const addStatus = (masterKey: Command, context: Context): void => {
  const { terminal, end } = context
  const command = masterKey
    .command('status')
    .summary('say which key the database is with, and whether everything opens')
    .description(
      'Shows by its fingerprint, which tells nothing about it, which master key the database is with, whether a rotation waits for its end, and tries every key that it protects. Ends with 1 when one does not open.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: Json) => {
      const status = await withPlatform(context, (platform) => platform.masterKey.status())
      if (status.unreadable.length > 0) end(1)
      if (json === true) terminal.answer(JSON.stringify(statusJson(status), null, 2))
      else for (const text of statusText(status)) terminal.answer(text)
    })
  addExamples(command, [['evenkeel master-key status', 'before and after a rotation']])
}

export const addMasterKey = (program: Command, context: Context): void => {
  const masterKey = program
    .command('master-key')
    .summary('see and replace the key that protects what is encrypted')
    .description(
      'The master key: what is encrypted at rest hangs on it, and the passwords of the database roles derive from it. It stands in MASTER_KEY or in the file master.key of DATA_DIR, and never in the database or in a backup.',
    )
  addRotate(masterKey, context)
  addStatus(masterKey, context)
}
