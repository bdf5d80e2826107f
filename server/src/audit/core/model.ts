import type { Json, Micros, Uuid } from '../../kit/index.ts'

/** Who acted: a person, a program's key, the machine's operator at the command line, or the platform by itself. */
export type Actor = {
  readonly kind: 'person' | 'key' | 'operator' | 'platform'
  /** person_…, key_…, the operating system's user, or the part of the platform: launches.controller. */
  readonly id: string
  readonly name: string | null
  /** The role in which a person acted. */
  readonly role: string | null
}

/** One act on launches, people, keys or settings. */
export type Act = {
  readonly actor: Actor
  /** launch.signed, person.added, key.created, routing.changed … */
  readonly action: string
  /** The shown id of what it is about: launch_… */
  readonly subject: string
  readonly reason: string | null
  readonly before: Json
  readonly after: Json
}

/** Position and hash: whoever acted keeps it, and can later prove that the entry stands as it stood. */
export type Receipt = { readonly position: number; readonly hash: string }

export type AuditEntry = Act & {
  readonly id: Uuid
  readonly createdMicros: Micros
  /** The database's wall clock, which nobody moves: the tenant's may be a sandbox's. */
  readonly recordedMs: number
  /** From 1, without gaps, for each tenant. */
  readonly position: number
  /** Of the entry before; 64 zeros for the first. */
  readonly previousHash: string
  /** SHA-256 over previousHash and the canonical JSON of everything else. */
  readonly hash: string
}
