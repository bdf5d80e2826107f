import type { Json } from '../kit/index.ts'
import type { ShownRow } from './store/list-entries.ts'

/** What is hashed of an entry, in the names of the API. */
export type ShownContent = {
  readonly id: string
  readonly position: number
  readonly created: number
  readonly created_microsecond: number
  readonly recorded: number
  readonly actor: {
    readonly kind: 'person' | 'key' | 'operator' | 'platform'
    readonly id: string
    readonly name: string | null
    readonly role: string | null
  }
  readonly action: string
  readonly subject: string
  readonly reason: string | null
  readonly before: Json
  readonly after: Json
}

/** An entry as the API shows it: all that was hashed, and the hashes. */
export const showEntry = ({ content, previousHash, hash }: ShownRow, livemode: boolean) => ({
  ...(JSON.parse(content) as ShownContent),
  object: 'audit_entry' as const,
  livemode,
  previous_hash: previousHash,
  hash,
})

export type ShownEntry = ReturnType<typeof showEntry>
