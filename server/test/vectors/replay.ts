import type { Id } from '../model/command.ts'
import type { Answered, Vector, VectorStep } from './format.ts'
import { showVectorId } from './mapping.ts'
import type { AccountState, FourBalances, Subject, TransferState } from './subject.ts'

/** Replays one recorded history on a subject and tells every difference, first ones first. */

const showFour = (four: FourBalances): string =>
  `${four.debitsPending}, ${four.debitsPosted}, ${four.creditsPending}, ${four.creditsPosted}`

const showState = (state: AccountState | null): string =>
  state === null ? 'no such account' : `[${showFour(state)}${state.closed ? ', closed' : ''}]`

const showTransfer = (transfer: TransferState | null): string =>
  transfer === null
    ? 'no such transfer'
    : `[${transfer.amount}, ${showVectorId(transfer.debit)}, ${showVectorId(transfer.credit)}]`

const showHistory = (history: readonly FourBalances[]): string =>
  `[${history.map((line) => `[${showFour(line)}]`).join(', ')}]`

const compare = (where: string, expected: string, got: string): string[] =>
  expected === got ? [] : [`${where}: expected ${expected}, got ${got}`]

const compareAnswers = (
  where: string,
  items: readonly Answered<{ readonly id: Id }>[],
  answers: readonly string[],
): string[] => [
  ...items.flatMap(({ command, status }, index) =>
    compare(`${where}[${index}] (id ${showVectorId(command.id)})`, status, answers[index] ?? 'no answer'),
  ),
  ...compare(`${where}: number of answers`, String(items.length), String(answers.length)),
]

const compareBalances = async (
  where: string,
  subject: Subject,
  ids: Iterable<Id>,
  expected: Vector['final']['balances'],
) => {
  const differences: string[] = []
  for (const id of ids) {
    const got = await subject.balances(id)
    const label = `${where} of account ${showVectorId(id)}`
    differences.push(...compare(label, showState(expected.get(id) ?? null), showState(got)))
  }
  return differences
}

const replayStep = async (step: VectorStep, where: string, subject: Subject): Promise<string[]> => {
  switch (step.kind) {
    case 'create_accounts':
      return compareAnswers(
        where,
        step.items,
        await subject.createAccounts(step.items.map((item) => item.command)),
      )
    case 'create_transfers':
      return compareAnswers(
        where,
        step.items,
        await subject.createTransfers(step.items.map((item) => item.command)),
      )
    case 'advance':
      await subject.advance(step.seconds)
      return []
    case 'balances':
      return compareBalances(`${where} balances`, subject, step.balances.keys(), step.balances)
  }
}

const idsNamed = (vector: Vector, kind: 'create_accounts' | 'create_transfers'): Set<Id> =>
  new Set(
    vector.steps.flatMap((step) => (step.kind === kind ? step.items.map((item) => item.command.id) : [])),
  )

/** At the end everything is looked up that the file lists, and everything that it names and does not list. */
const compareFinal = async (vector: Vector, subject: Subject): Promise<string[]> => {
  const { balances, transfers, history } = vector.final
  const accountIds = idsNamed(vector, 'create_accounts').union(balances)
  const differences = await compareBalances('final balances', subject, accountIds, balances)
  for (const id of idsNamed(vector, 'create_transfers').union(transfers)) {
    const got = await subject.transfer(id)
    const label = `final transfer ${showVectorId(id)}`
    differences.push(...compare(label, showTransfer(transfers.get(id) ?? null), showTransfer(got)))
  }
  for (const [id, lines] of history) {
    const label = `final history of account ${showVectorId(id)}`
    differences.push(...compare(label, showHistory(lines), showHistory(await subject.history(id))))
  }
  return differences
}

export const replayVector = async (vector: Vector, subject: Subject): Promise<readonly string[]> => {
  const differences: string[] = []
  for (const [index, step] of vector.steps.entries()) {
    differences.push(...(await replayStep(step, `steps[${index}] ${step.kind}`, subject)))
  }
  return [...differences, ...(await compareFinal(vector, subject))]
}
