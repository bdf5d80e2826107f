import type { Budget } from '../core/gates.ts'
import type { Launch, Watch } from '../core/model.ts'

/** How much of a service level's error budget of the last 30 days is spent. */
export type BudgetLevel = {
  readonly name: string
  /** Basis points of its budget; null where too little happened to say. */
  readonly spentBp: number | null
}

export type BoardBudget = { readonly state: Budget; readonly levels: readonly BudgetLevel[] }

/** The highest rate of payments that the platform's own benchmark held on this machine, and when. */
export type Capacity = { readonly perSecond: number; readonly measuredAt: number }

/** Everything that the page is made of. The same input gives the same page. */
export type BoardInput = {
  readonly launch: Launch
  readonly watch: Watch | null
  /** Null where the owner is no person any more. */
  readonly ownerName: string | null
  readonly livemode: boolean
  /** The tenant's time. */
  readonly nowMicros: number
  readonly timeZone: string
  readonly budget: BoardBudget
  readonly capacity: Capacity | null
  /** The head of the audit log when the page was made. */
  readonly audit: { readonly position: number; readonly hash: string }
}
