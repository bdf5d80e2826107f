import type { Uuid } from '../../kit/index.ts'

/** An account as the import asks for it. */
export type AccountCommand = {
  readonly id: Uuid
  readonly ledger: number
  readonly code: number
  readonly flags: readonly string[]
  readonly userData: bigint
  /** When it was opened, in microseconds since 1970; 0n unless flagged imported. */
  readonly timeMicros: bigint
  readonly currency: string | null
  readonly reference: string | null
  readonly metadata: Readonly<Record<string, string>> | null
}

/** A transfer as the import asks for it. Days are written 2026-11-22. */
export type TransferCommand = {
  readonly id: Uuid
  readonly debit: Uuid
  readonly credit: Uuid
  readonly amount: bigint
  readonly pendingId: Uuid | null
  readonly ledger: number
  readonly code: number
  readonly flags: readonly string[]
  readonly timeoutS: number
  readonly userData: bigint
  /** When it happened, in microseconds since 1970; 0n unless flagged imported. */
  readonly timeMicros: bigint
  readonly currency: string | null
  readonly externalReference: string | null
  readonly bookDate: string | null
  readonly valueDate: string | null
  readonly metadata: Readonly<Record<string, string>> | null
}
