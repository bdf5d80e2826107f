import type { Subject, TransferState } from '../vectors/subject.ts'
import type { Id } from './command.ts'
import type { History, HistoryStep } from './histories.ts'

/** Plays one history on two ledgers and tells where they differ; empty when they agree in everything. */

const answersOf = async (subject: Subject, step: HistoryStep): Promise<readonly string[]> => {
  switch (step.kind) {
    case 'create_accounts':
      return subject.createAccounts(step.commands)
    case 'create_transfers':
      return subject.createTransfers(step.commands)
    case 'advance':
      await subject.advance(step.seconds)
      return []
    case 'close':
      await subject.closeBooks(step.through)
      return []
  }
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner))

const idsOf = (history: History, kind: 'create_accounts' | 'create_transfers'): ReadonlySet<Id> =>
  new Set(history.flatMap((step) => (step.kind === kind ? step.commands.map((command) => command.id) : [])))

/** Written out by name, so that what else an object of one of them carries is not compared. */
const stateOf = async (subject: Subject, id: Id) => {
  const found = await subject.balances(id)
  const history = await subject.history(id)
  if (found === null) return { found, history: history.length }
  const { debitsPending, debitsPosted, creditsPending, creditsPosted, closed } = found
  return {
    debitsPending,
    debitsPosted,
    creditsPending,
    creditsPosted,
    closed,
    history: history.map((line) => [
      line.debitsPending,
      line.debitsPosted,
      line.creditsPending,
      line.creditsPosted,
    ]),
  }
}

const TRANSFER_FIELDS = [
  'amount',
  'debit',
  'credit',
  'pendingId',
  'ledger',
  'code',
  'userData',
  'timeoutS',
  'currency',
  'externalReference',
  'bookDate',
  'valueDate',
] as const

/** Only what both can tell is compared. */
const sharedFields = (one: TransferState | null, other: TransferState | null) => {
  if (one === null || other === null) {
    return [one === null ? 'none' : 'a transfer', other === null ? 'none' : 'a transfer']
  }
  const shared = TRANSFER_FIELDS.filter((field) => one[field] !== undefined && other[field] !== undefined)
  const fieldsOf = (transfer: TransferState) => shared.map((field) => [field, transfer[field]])
  return [fieldsOf(one), fieldsOf(other)]
}

const compareEnd = async (history: History, expected: Subject, got: Subject): Promise<string[]> => {
  const differences: string[] = []
  const note = (what: string, one: unknown, other: unknown): void => {
    if (show(one) !== show(other)) differences.push(`${what}: expected ${show(one)}, got ${show(other)}`)
  }
  for (const id of idsOf(history, 'create_accounts')) {
    note(`account ${id}`, await stateOf(expected, id), await stateOf(got, id))
  }
  for (const id of idsOf(history, 'create_transfers')) {
    const [one, other] = sharedFields(await expected.transfer(id), await got.transfer(id))
    note(`transfer ${id}`, one, other)
  }
  return differences
}

/** Both must be fresh and empty. Stops at the first step whose answers differ, since nothing after it means much. */
export const differencesBetween = async (
  history: History,
  expected: Subject,
  got: Subject,
): Promise<readonly string[]> => {
  for (const [index, step] of history.entries()) {
    const expectedAnswers = await answersOf(expected, step)
    const gotAnswers = await answersOf(got, step)
    const length = Math.max(expectedAnswers.length, gotAnswers.length)
    const differences = Array.from({ length }, (_, place) => place)
      .filter((place) => expectedAnswers[place] !== gotAnswers[place])
      .map((place) => {
        const command = 'commands' in step ? step.commands[place] : null
        return `step ${index} ${step.kind}[${place}]: expected ${expectedAnswers[place]}, got ${gotAnswers[place]}, of ${show(command)}`
      })
    if (differences.length > 0) return differences
  }
  return compareEnd(history, expected, got)
}
