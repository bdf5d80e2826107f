import type { Reasons } from '../../kit/index.ts'
import { KEY_NAME_CHARS, KEYS_MOST, SANDBOX_NAME_CHARS, SANDBOXES_MOST } from '../limits.ts'

/** Why something about tenants or keys is refused, in order of precedence. `{}` stands for what was given. */
export const tenantReasons = {
  sandbox_name_invalid: {
    kind: 'invalid',
    message: `"{}" is no name for a sandbox: take 1 to ${SANDBOX_NAME_CHARS} of the characters a-z, 0-9 and "-".`,
    param: 'name',
  },
  sandbox_name_reserved: {
    kind: 'invalid',
    message: '"{}" is the name of the live tenant: take another one for a sandbox.',
    param: 'name',
  },
  time_zone_unknown: {
    kind: 'invalid',
    message: '"{}" is no time zone: give one of IANA\'s names, such as Europe/Prague or UTC.',
    param: 'time_zone',
  },
  sandbox_name_taken: {
    kind: 'precondition',
    message: 'There is a sandbox "{}" already: take another name, or delete that one first.',
    param: 'name',
  },
  sandboxes_too_many: {
    kind: 'precondition',
    message: `There are ${SANDBOXES_MOST} sandboxes already: delete one that is not needed any more.`,
  },
  tenant_missing: {
    kind: 'not_found',
    message: 'There is no tenant "{}": "evenkeel sandboxes list" shows those that are there.',
    param: 'tenant',
  },
  live_tenant_kept: {
    kind: 'precondition',
    message: 'The live tenant cannot be deleted: only sandboxes can.',
    param: 'name',
  },
  key_name_invalid: {
    kind: 'invalid',
    message: `A key's name is one line of 1 to ${KEY_NAME_CHARS} characters, such as "Ada's laptop".`,
    param: 'name',
  },
  key_permissions_not_taken: {
    kind: 'invalid',
    message: 'A {} key has no list of permissions: only a restricted key has.',
    param: 'permissions',
  },
  key_permissions_missing: {
    kind: 'invalid',
    message: 'A restricted key says what it may do: "evenkeel keys permissions" lists what there is.',
    param: 'permissions',
  },
  key_permission_unknown: {
    kind: 'invalid',
    message: 'There is no permission "{}": "evenkeel keys permissions" lists those that there are.',
    param: 'permissions',
  },
  key_expiry_past: {
    kind: 'invalid',
    message: 'A key expires in the future: give a time that is yet to come.',
    param: 'expires',
  },
  key_overlap_invalid: {
    kind: 'invalid',
    message: 'The old key works for 0 s to 30 days beside the new one: give such a time.',
    param: 'expires',
  },
  keys_too_many: {
    kind: 'precondition',
    message: `The tenant "{}" has ${KEYS_MOST} keys already: revoke one that is not needed any more.`,
  },
  key_missing: {
    kind: 'not_found',
    message: 'There is no key "{}": "evenkeel keys list" shows the ids of those that are there.',
    param: 'id',
  },
  key_ended: {
    kind: 'precondition',
    message: 'The key "{}" is revoked, expired or replaced: make a new one with "evenkeel keys create".',
    param: 'id',
  },
  key_of_person: {
    kind: 'precondition',
    message: 'The key "{}" is a person\'s: "evenkeel people key" gives a new one and ends the old one.',
    param: 'id',
  },
} as const satisfies Reasons

export type TenantReason = keyof typeof tenantReasons

export type Refused = { readonly ok: false; readonly code: TenantReason; readonly message: string }

const ECHO_CHARS = 60

/** A message repeats what was given only so far that it can be recognised, and never its control characters. */
const echo = (given: string): string => {
  const line = given.replaceAll(/\p{Cc}/gu, ' ')
  return line.length > ECHO_CHARS ? `${line.slice(0, ECHO_CHARS)}…` : line
}

export const refuse = (code: TenantReason, given = ''): Refused => ({
  ok: false,
  code,
  message: tenantReasons[code].message.replace('{}', () => echo(given)),
})
