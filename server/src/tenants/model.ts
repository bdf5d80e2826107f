import type { TenantId } from '../kit/index.ts'
import type { KeyKind, Mode } from './core/key-text.ts'

export type TenantKind = 'live' | 'sandbox'

/** Whose books: the live ones, or a sandbox for tests. */
export type Tenant = {
  readonly id: TenantId
  readonly kind: TenantKind
  readonly name: string
  readonly timeZone: string
  readonly createdMs: number
}

/** What is known of an API key. Its text is known to its holder only. */
export type ApiKey = {
  /** key_… */
  readonly id: string
  readonly tenant: TenantId
  readonly tenantName: string
  readonly kind: KeyKind
  readonly mode: Mode
  readonly name: string
  readonly last4: string
  readonly createdMs: number
  readonly expiresMs: number | null
  /** Whose it is, person_…; null for a program's. */
  readonly person: string | null
  /** Of a restricted key; null for others. */
  readonly permissions: readonly string[] | null
  /** To the minute. */
  readonly lastUsedMs: number | null
  /** The key that took its place. */
  readonly replacedBy: string | null
  readonly revokedMs: number | null
}

export const KEY_PREFIX = 'key'
/** Of whom a key names; the folder people owns the rest. */
export const PERSON_PREFIX = 'person'

export const modeOf = (kind: TenantKind): Mode => (kind === 'live' ? 'live' : 'test')
