import type { AccountCommand, AccountFlag, Id, TransferCommand, TransferFlag } from '../model/command.ts'
import { ACCOUNT_FLAGS, TRANSFER_FLAGS, ZERO_ID } from '../model/command.ts'
import { type Data, FormatError, parseData, readBigint, readList, readNumber, readRecord } from './data.ts'
import { currencyOfLedger, idOf, LARGEST_INT_ID, ourNameOf } from './mapping.ts'
import type { AccountState, FourBalances, TransferState } from './subject.ts'

/** Reads a recorded history (README.md) into commands of the ledger and the answers that are expected of it. */

export type Answered<Command> = { readonly command: Command; readonly status: string }

export type VectorStep =
  | { readonly kind: 'create_accounts'; readonly items: readonly Answered<AccountCommand>[] }
  | { readonly kind: 'create_transfers'; readonly items: readonly Answered<TransferCommand>[] }
  | { readonly kind: 'advance'; readonly seconds: number }
  | { readonly kind: 'balances'; readonly balances: ReadonlyMap<Id, AccountState> }

export type Vector = {
  readonly name: string
  readonly steps: readonly VectorStep[]
  readonly final: {
    readonly balances: ReadonlyMap<Id, AccountState>
    readonly transfers: ReadonlyMap<Id, TransferState>
    readonly history: ReadonlyMap<Id, readonly FourBalances[]>
  }
}

const readId = (value: Data | undefined, where: string): Id => {
  if (value === undefined) return ZERO_ID
  return idOf(value === 'max' ? 'max' : readNumber(value, where, LARGEST_INT_ID))
}

/** A key of an object is text, so there an id is written in digits. */
const readKeyId = (key: string, where: string): Id =>
  readId(/^\d{1,15}$/.test(key) ? Number(key) : key === 'max' ? 'max' : null, where)

const readFlags = <Flag extends string>(
  value: Data | undefined,
  known: readonly Flag[],
  where: string,
): Flag[] =>
  readList(value ?? [], where).map((name) => {
    const flag = known.find((candidate) => candidate === name)
    if (flag === undefined)
      throw new FormatError(where, `knows no flag ${JSON.stringify(name)}: ${known.join(', ')}`)
    return flag
  })

const ACCOUNT_FIELDS = ['id', 'ledger', 'code', 'flags', 'user_data', 'timestamp_us']
const TRANSFER_FIELDS = [...ACCOUNT_FIELDS, 'debit', 'credit', 'amount', 'pending_id', 'timeout_s']

const readAccount = (data: Data, where: string): AccountCommand => {
  const fields = readRecord(data, where, ACCOUNT_FIELDS)
  const ledger = readNumber(fields.get('ledger') ?? 0, `${where}.ledger`)
  return {
    id: readId(fields.get('id'), `${where}.id`),
    ledger,
    code: readNumber(fields.get('code') ?? 0, `${where}.code`),
    flags: readFlags<AccountFlag>(fields.get('flags'), ACCOUNT_FLAGS, `${where}.flags`),
    userData: readBigint(fields.get('user_data') ?? 0, `${where}.user_data`),
    timeMicros: readBigint(fields.get('timestamp_us') ?? 0, `${where}.timestamp_us`),
    currency: currencyOfLedger(ledger),
    reference: null,
  }
}

const readTransfer = (data: Data, where: string): TransferCommand => {
  const fields = readRecord(data, where, TRANSFER_FIELDS)
  const amount = fields.get('amount') ?? 0
  return {
    id: readId(fields.get('id'), `${where}.id`),
    debit: readId(fields.get('debit'), `${where}.debit`),
    credit: readId(fields.get('credit'), `${where}.credit`),
    amount: amount === 'max' ? 'max' : readBigint(amount, `${where}.amount`),
    pendingId: readId(fields.get('pending_id'), `${where}.pending_id`),
    ledger: readNumber(fields.get('ledger') ?? 0, `${where}.ledger`),
    code: readNumber(fields.get('code') ?? 0, `${where}.code`),
    flags: readFlags<TransferFlag>(fields.get('flags'), TRANSFER_FLAGS, `${where}.flags`),
    timeoutS: readNumber(fields.get('timeout_s') ?? 0, `${where}.timeout_s`),
    userData: readBigint(fields.get('user_data') ?? 0, `${where}.user_data`),
    timeMicros: readBigint(fields.get('timestamp_us') ?? 0, `${where}.timestamp_us`),
    currency: null,
    externalReference: null,
    bookDate: null,
    valueDate: null,
  }
}

const readAnswered = <Command>(
  data: Data,
  where: string,
  read: (data: Data, where: string) => Command,
): Answered<Command>[] =>
  readList(data, where).map((pair, index) => {
    const [command, status, ...more] = readList(pair, `${where}[${index}]`)
    if (command === undefined || typeof status !== 'string' || more.length > 0) {
      throw new FormatError(`${where}[${index}]`, 'must be [command, status]')
    }
    return { command: read(command, `${where}[${index}]`), status: ourNameOf(status) }
  })

const readFour = (data: readonly Data[], where: string): FourBalances => {
  const [debitsPending, debitsPosted, creditsPending, creditsPosted] = data.map((one) =>
    readBigint(one, where),
  )
  if (
    debitsPending === undefined ||
    debitsPosted === undefined ||
    creditsPending === undefined ||
    creditsPosted === undefined ||
    data.length !== 4
  ) {
    throw new FormatError(where, 'must be four balances')
  }
  return { debitsPending, debitsPosted, creditsPending, creditsPosted }
}

const readById = <Value>(data: Data, where: string, read: (data: readonly Data[], where: string) => Value) =>
  new Map(
    [...readRecord(data, where)].map(([key, value]) => {
      const inside = `${where}.${key}`
      return [readKeyId(key, inside), read(readList(value, inside), inside)] as const
    }),
  )

const readState = (data: readonly Data[], where: string): AccountState => {
  const closed = data.at(-1) === 'closed'
  return { ...readFour(closed ? data.slice(0, -1) : data, where), closed }
}

const readTransferState = (
  [amount, debit, credit, ...more]: readonly Data[],
  where: string,
): TransferState => {
  if (amount === undefined || debit === undefined || credit === undefined || more.length > 0) {
    throw new FormatError(where, 'must be [amount, debit account, credit account]')
  }
  return { amount: readBigint(amount, where), debit: readId(debit, where), credit: readId(credit, where) }
}

const readStep = (data: Data, where: string): VectorStep => {
  const [entry, ...more] = [...readRecord(data, where)]
  if (entry === undefined || more.length > 0) throw new FormatError(where, 'must have exactly one key')
  const [key, value] = entry
  const inside = `${where}.${key}`
  switch (key) {
    case 'create_accounts':
      return { kind: key, items: readAnswered(value, inside, readAccount) }
    case 'create_transfers':
      return { kind: key, items: readAnswered(value, inside, readTransfer) }
    case 'advance_s':
      return { kind: 'advance', seconds: readNumber(value, inside) }
    case 'balances':
      return { kind: key, balances: readById(value, inside, readState) }
    default:
      throw new FormatError(inside, 'is no known step')
  }
}

export const parseVector = (text: string): Vector => {
  const fields = readRecord(parseData(text), 'the file', ['name', 'steps', 'final'])
  const name = fields.get('name')
  if (typeof name !== 'string') throw new FormatError('name', 'must be a text')
  const final = readRecord(fields.get('final') ?? null, 'final', ['balances', 'transfers', 'history'])
  return {
    name,
    steps: readList(fields.get('steps') ?? null, 'steps').map((step, index) =>
      readStep(step, `steps[${index}]`),
    ),
    final: {
      balances: readById(final.get('balances') ?? null, 'final.balances', readState),
      transfers: readById(final.get('transfers') ?? null, 'final.transfers', readTransferState),
      history: readById(final.get('history') ?? null, 'final.history', (data, where) =>
        data.map((line, index) => readFour(readList(line, where), `${where}[${index}]`)),
      ),
    },
  }
}
