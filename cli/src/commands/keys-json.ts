import type { ApiKey } from '../platform.ts'

const secondsOf = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1_000))

export const keyToJson = (key: ApiKey): object => ({
  id: key.id,
  object: 'api_key',
  created: secondsOf(key.createdMs),
  expires_at: secondsOf(key.expiresMs),
  kind: key.kind,
  last4: key.last4,
  last_used_at: secondsOf(key.lastUsedMs),
  livemode: key.mode === 'live',
  name: key.name,
  permissions: key.permissions,
  person: key.person,
  replaced_by: key.replacedBy,
  revoked_at: secondsOf(key.revokedMs),
  tenant: key.tenantName,
})
