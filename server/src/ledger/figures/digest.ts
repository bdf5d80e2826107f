import { createHash } from 'node:crypto'
import { sha256Hex, type TenantId } from '../../kit/index.ts'
import type { Transfer } from '../core/index.ts'
import type { Period } from '../store/figures.ts'
import type { TrialLine } from '../store/totals.ts'
import { lineOf } from './csv.ts'
import { ENTRY_COLUMNS, entryLines, TRIAL_COLUMNS, trialLine } from './lines.ts'
import { type Ask, pagesOfTransfers, trialLinesOf } from './read-figures.ts'

export const ENTRIES_FILE = 'entries.csv'
export const TRIAL_FILE = 'trial_balance.csv'

/** As anybody can compute it from the two files: sha256sum entries.csv trial_balance.csv | sha256sum */
export const digestOf = (hashes: { readonly entries: string; readonly trial: string }): string =>
  sha256Hex(`${hashes.entries}  ${ENTRIES_FILE}\n${hashes.trial}  ${TRIAL_FILE}\n`)

/** What a closing is sealed with. */
export type Figures = { readonly digest: string; readonly entries: bigint }

const ENTRIES_EACH = 2n

/** Takes in the transfers of one period, in the order of time. */
export class EntriesHash {
  readonly #hash = createHash('sha256').update(lineOf(ENTRY_COLUMNS))
  entries = 0n

  add(transfer: Transfer): void {
    this.#hash.update(entryLines(transfer))
    this.entries += ENTRIES_EACH
  }

  figures(trial: readonly TrialLine[]): Figures {
    const text = lineOf(TRIAL_COLUMNS) + trial.map(trialLine).join('')
    const hashes = { entries: this.#hash.digest('hex'), trial: sha256Hex(text) }
    return { digest: digestOf(hashes), entries: this.entries }
  }
}

/** Adds up a period that is closed: nothing of it changes while it is read. */
export const figuresOf = async (ask: Ask, tenant: TenantId, period: Period): Promise<Figures> => {
  const hash = new EntriesHash()
  for await (const { transfers } of pagesOfTransfers(ask, tenant, period))
    for (const transfer of transfers) hash.add(transfer)
  return hash.figures(await trialLinesOf(ask, tenant, period.through))
}
