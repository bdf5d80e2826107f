import { readTrialLine, trialBalance } from '../../server/src/ledger/index.ts'
import type { Client } from './clients.ts'
import type { Database, Sandbox } from './database.ts'

/** What a client knows to have moved in one sandbox: only what was answered as created. */
type Sent = { readonly transfers: number; readonly amount: bigint }

/** Counts on the client's side, so that the books are compared with something that they do not come from. */
export class Tally {
  readonly #sent = new Map<Sandbox, Sent>()

  add(sandbox: Sandbox, transfers: number, amount: bigint): void {
    const sent = this.#sent.get(sandbox) ?? { transfers: 0, amount: 0n }
    this.#sent.set(sandbox, { transfers: sent.transfers + transfers, amount: sent.amount + amount })
  }

  transfersOf(sandbox: Sandbox): number {
    return this.#sent.get(sandbox)?.transfers ?? 0
  }

  get sandboxes(): readonly (readonly [Sandbox, Sent])[] {
    return [...this.#sent]
  }
}

export type BookCheck = { readonly name: string; readonly ok: boolean; readonly found: string }

type Stored = { readonly transfers: number; readonly sequence: number; readonly amount: bigint }

const readStored = async (admin: Client, { tenant }: Sandbox): Promise<Stored> => {
  const { rows } = await admin.query<{ transfers: bigint; sequence: bigint; amount: string }>(
    `select (select transfer_sequence from database.heads where tenant = $1) as sequence, count(*) as transfers,
            coalesce(sum(amount), 0)::text as amount
       from ledger.transfers where tenant = $1`,
    [tenant],
  )
  const [row] = rows
  return {
    transfers: Number(row?.transfers ?? -1),
    sequence: Number(row?.sequence ?? -1),
    amount: BigInt(row?.amount ?? -1),
  }
}

type Balances = { readonly debits: bigint; readonly credits: bigint }

/** What was answered must be there, all of it and once: counted, numbered without a gap, and in the balances. */
export const judgeBooks = (
  name: string,
  { sent, stored, balances }: { readonly sent: Sent; readonly stored: Stored; readonly balances: Balances },
): BookCheck => {
  const { debits, credits } = balances
  const countsAgree = stored.transfers === sent.transfers && stored.sequence === sent.transfers
  const sumsAgree = debits === credits && debits === sent.amount && stored.amount === sent.amount
  return {
    name,
    ok: countsAgree && sumsAgree,
    found: `${stored.transfers} transfers (numbered to ${stored.sequence}, answered ${sent.transfers}), debits ${debits}, credits ${credits}, answered ${sent.amount}`,
  }
}

const readBalances = async ({ platform }: Database, { tenant }: Sandbox): Promise<Balances> => {
  const [lines = []] = await platform.read(tenant, [trialBalance(tenant, null)])
  const balances = lines.map(readTrialLine)
  return {
    debits: balances.reduce((sum, line) => sum + line.debitsPosted, 0n),
    credits: balances.reduce((sum, line) => sum + line.creditsPosted, 0n),
  }
}

/** Compares what the clients were answered with what the ledger holds. */
export const checkBooks = async (database: Database, tally: Tally): Promise<BookCheck[]> => {
  const checks: BookCheck[] = []
  for (const [sandbox, sent] of tally.sandboxes) {
    const [stored, balances] = [
      await readStored(database.admin, sandbox),
      await readBalances(database, sandbox),
    ]
    checks.push(judgeBooks(sandbox.name, { sent, stored, balances }))
  }
  return checks
}
