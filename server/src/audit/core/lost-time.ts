import type { Anchor } from './anchor.ts'
import { fieldsOf, type StoredEntry } from './verify-chain.ts'

/** What the live log says when the database was restored: it went back to a moment, and nothing later is known of. */
export const RESTORED = 'books.restored'

/** From the moment that the books went back to until their restore was recorded: in unix seconds, both included. */
export type LostTime = {
  readonly from: number
  readonly until: number
  /** Where the live log says so. */
  readonly position: number
  readonly backup: string
}

type Content = {
  readonly recorded?: unknown
  readonly after?: { readonly until?: unknown; readonly backup?: unknown } | null
}

/** Null for any other entry. */
export const lostTimeOf = ({
  action,
  position,
  content,
}: Pick<StoredEntry, 'action' | 'position' | 'content'>): LostTime | null => {
  if (action !== RESTORED) return null
  const { recorded, after } = (fieldsOf(content) ?? {}) as Content
  const from = after?.until
  return Number.isSafeInteger(from) && Number.isSafeInteger(recorded)
    ? { from: Number(from), until: Number(recorded), position, backup: String(after?.backup) }
    : null
}

/**
 * Whether a head was signed in a time that was lost. It may be of an entry that was lost with it, and then neither that the
 * entry is not there nor that another one stands in its place says that somebody has rewritten the log.
 */
export const isOfLostTime = ({ time }: Anchor, lost: readonly LostTime[]): boolean =>
  lost.some(({ from, until }) => time >= from && time <= until)
