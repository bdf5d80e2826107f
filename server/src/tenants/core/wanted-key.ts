import { PERMISSIONS_MOST, ROLL_OVERLAP_MOST_MS } from '../limits.ts'
import type { KeyKind } from './key-text.ts'
import { isKeyName } from './names.ts'
import { type Refused, refuse } from './reasons.ts'

/** What a key is to be, before anybody looks into the database. */
export type KeyWanted = {
  /** The name of a tenant: 'live' or a sandbox's. */
  readonly tenant: string
  readonly name: string
  /** A person's key is made with the person, never by itself. */
  readonly kind?: Exclude<KeyKind, 'person'>
  /** Of a restricted key: what it may do, such as payments.read. */
  readonly permissions?: readonly string[]
  /** By the wall clock; without it the key lives until it is revoked. */
  readonly expiresMs?: number
}

/** All permissions that the routes of this release ask for. */
export type KnownPermissions = ReadonlySet<string>

/** Null when there is nothing against it. A permission that nobody asks for is a slip of the pen, not a key for later. */
export const refusalOf = (
  { kind = 'secret', name, permissions, expiresMs }: KeyWanted,
  { known, nowMs }: { readonly known: KnownPermissions | null; readonly nowMs: number },
): Refused | null => {
  if (!isKeyName(name)) return refuse('key_name_invalid')
  if (kind !== 'restricted' && permissions !== undefined) return refuse('key_permissions_not_taken', kind)
  if (kind === 'restricted') {
    if (permissions === undefined || permissions.length === 0) return refuse('key_permissions_missing')
    const unknown = permissions.find((permission) => known?.has(permission) === false)
    if (unknown !== undefined) return refuse('key_permission_unknown', unknown)
    if (permissions.length > PERMISSIONS_MOST) return refuse('key_permission_unknown', permissions.at(-1))
  }
  if (expiresMs !== undefined && expiresMs <= nowMs) return refuse('key_expiry_past')
  return null
}

export const refusalOfOverlap = (overlapMs: number): Refused | null =>
  overlapMs < 0 || overlapMs > ROLL_OVERLAP_MOST_MS ? refuse('key_overlap_invalid') : null
