import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../kit/index.ts'
import { POST_ATTEMPTS } from './limits.ts'
import type { LedgerPort } from './port.ts'

/** Asks until the ledger answers, waiting as long as its Fault says. The ids make a second time harmless. */
const persist = async <Answer>(
  ask: () => Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Fault) || attempt >= POST_ATTEMPTS) throw error
      // A signal cuts the waiting short; the ledger is then asked once more, and the import stops after that.
      await sleep(error.retryAfterS * 1000, undefined, { signal }).catch(() => undefined)
    }
  }
}

/** The same ledger, asked again where it is away or busy for a while. */
export const patient = (port: LedgerPort, signal?: AbortSignal): LedgerPort => ({
  openLedger: (ledger) => persist(() => port.openLedger(ledger), signal),
  createAccounts: (commands) => persist(() => port.createAccounts(commands), signal),
  createTransfers: (commands) => persist(() => port.createTransfers(commands), signal),
  newestTimes: () => persist(() => port.newestTimes(), signal),
  trialBalance: (ledger) => persist(() => port.trialBalance(ledger), signal),
  balances: (references) => persist(() => port.balances(references), signal),
})
