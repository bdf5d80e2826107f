import { canonicalJson, type Json, MICROS_PER_SECOND, type Micros, sha256, showId } from '../../kit/index.ts'
import type { Act, AuditEntry } from './model.ts'

export const AUDIT_PREFIX = 'audit'

/** Before the first entry. */
export const NO_HASH = '0'.repeat(64)

/** The end of a chain: position 0 where nothing was recorded yet. */
export type ChainHead = { readonly position: number; readonly hash: string }

export const NO_HEAD: ChainHead = { position: 0, hash: NO_HASH }

/** SHA-256 over the hash before and the content, as anybody can compute it: printf '%s%s' "$previous" "$content" | sha256sum */
export const hashOf = (previousHash: string, content: string): string =>
  sha256(previousHash + content).toString('hex')

type Unhashed = Omit<AuditEntry, 'previousHash' | 'hash'>

/** Everything of an entry but its hashes, in the names that the API shows, so that whoever has read it can hash it. */
export const contentOf = (entry: Unhashed): string => {
  const { actor } = entry
  const content: Json = {
    id: showId(AUDIT_PREFIX, entry.id),
    position: entry.position,
    created: Number(entry.createdMicros / MICROS_PER_SECOND),
    created_microsecond: Number(entry.createdMicros % MICROS_PER_SECOND),
    recorded: Math.floor(entry.recordedMs / 1_000),
    actor: { kind: actor.kind, id: actor.id, name: actor.name, role: actor.role },
    action: entry.action,
    subject: entry.subject,
    reason: entry.reason,
    before: entry.before,
    after: entry.after,
  }
  return canonicalJson(content)
}

/** The entry that continues a chain, with its content as it is stored. */
export const chain = (
  head: ChainHead,
  act: Act,
  made: Pick<AuditEntry, 'id' | 'recordedMs'> & { readonly createdMicros: Micros },
): { readonly entry: AuditEntry; readonly content: string } => {
  const unhashed: Unhashed = { ...act, ...made, position: head.position + 1 }
  const content = contentOf(unhashed)
  const hash = hashOf(head.hash, content)
  return { entry: { ...unhashed, previousHash: head.hash, hash }, content }
}
