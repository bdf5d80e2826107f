import type { Kind } from '../kit/index.ts'
import { type DoorCode, doorReason } from './reasons.ts'

/** The kinds that say no. */
export type RefusalKind = Exclude<Kind, 'exists'>

/**
 * A refusal by the door itself: what is wrong with a request before any capability has seen it.
 * A class, so that a reader can give back either what it read or a problem, and the two cannot be confused:
 * nothing that a client sends becomes an instance of it.
 */
export class Problem {
  readonly kind: RefusalKind
  readonly code: DoorCode
  readonly message: string
  readonly param: string | null
  /** Overrides the kind's status, for the few answers that HTTP itself has a number for. */
  readonly status: number | null

  constructor(code: DoorCode, message: string = doorReason(code).message, param: string | null = null) {
    const reason = doorReason(code)
    this.kind = reason.kind
    this.code = code
    this.message = message
    this.param = param
    this.status = reason.status ?? null
  }
}

/** items, 0, amount → items[0][amount] */
export const bracketed = (path: readonly string[]): string => {
  const [first = '', ...rest] = path
  let param = first
  for (const key of rest) param += `[${key}]`
  return param
}
