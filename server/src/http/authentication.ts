import type { TenantId } from '../kit/index.ts'
import { API_KEY_LIMIT } from './limits.ts'
import { Problem } from './problem.ts'

/** An area and what may be done in it: ledger.read, ledger.write. */
export type Permission = `${string}.read` | `${string}.write`

/** What a person may do: business and technology sign launches, operators stop, viewers look. */
export type PersonRole = 'business' | 'technology' | 'operator' | 'viewer'

/** A person with a key of his own. */
export type Person = {
  /** person_… */
  readonly id: string
  readonly name: string
  readonly role: PersonRole
  /** Wall clock: when `evenkeel people add` made him. */
  readonly createdMs: number
}

/** Who asks: what an API key stands for. */
export type Principal = {
  readonly tenant: TenantId
  readonly mode: 'live' | 'test'
  readonly keyId: string
  readonly kind: 'secret' | 'restricted' | 'publishable' | 'person'
  readonly permissions: 'all' | ReadonlySet<string>
  /** Whose key it is; null where it is a program's. */
  readonly person: Person | null
}

/** Finds the principal of an API key; null when there is none. The text of the key never leaves this call. */
export type Authenticate = (keyText: string) => Principal | null | Promise<Principal | null>

const missing = (): Problem =>
  new Problem(
    'api_key_missing',
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
  )

const PREFIX = /^(?:sk|rk|pk|uk)_(?:test|live)_/
const SHOWN = 4
const STARS_LIMIT = 20

/** sk_test_****************Xy9z: enough to find the key, too little to use it. */
export const redactKey = (key: string): string => {
  const prefix = PREFIX.exec(key)?.[0] ?? ''
  const secret = key.slice(prefix.length)
  const shown = secret.length > SHOWN * 2 && /^[\w-]+$/.test(secret) ? secret.slice(-SHOWN) : ''
  return `${prefix}${'*'.repeat(Math.min(STARS_LIMIT, secret.length - shown.length))}${shown}`
}

export const unknownKey = (key: string): Problem =>
  new Problem('api_key_invalid', `Invalid API Key provided: ${redactKey(key)}`)

const malformed = (): Problem =>
  new Problem(
    'api_key_invalid',
    "Invalid Authorization header. Send 'Authorization: Bearer YOUR_SECRET_KEY', or basic authentication with the key as user name and an empty password.",
  )

const fromBasic = (encoded: string): string | null => {
  const text = Buffer.from(encoded, 'base64').toString('latin1')
  return text.endsWith(':') && text.indexOf(':') === text.length - 1 ? text.slice(0, -1) : null
}

/** The API key of an Authorization header, bearer or basic. */
export const keyOf = (authorization: string | undefined): string | Problem => {
  if (authorization === undefined || authorization === '') return missing()
  const space = authorization.indexOf(' ')
  const written = space === -1 ? authorization : authorization.slice(0, space)
  const scheme = written === 'Bearer' ? 'bearer' : written.toLowerCase()
  const rest = space === -1 ? '' : authorization.slice(space + 1).trim()
  if (scheme !== 'bearer' && scheme !== 'basic') return malformed()
  const key = scheme === 'bearer' ? rest : fromBasic(rest)
  if (key === null) return malformed()
  if (key === '') return missing()
  return key.length <= API_KEY_LIMIT ? key : unknownKey(key)
}

const PERSONS_WRITING = 'launches.write'

/** People read everything and work on launches as their role allows; money is moved with programs' keys. */
export const personMay = (role: PersonRole, permission: Permission): boolean =>
  permission.endsWith('.read') || (permission === PERSONS_WRITING && role !== 'viewer')

const may = ({ permissions, person }: Principal, permission: Permission): boolean => {
  if (person !== null) return personMay(person.role, permission)
  return permissions === 'all' || permissions.has(permission)
}

const notForPeople = ({ name, role }: Person, permission: Permission): Problem =>
  new Problem(
    'permission_missing',
    permission === PERSONS_WRITING
      ? `The key is ${name}'s, whose role '${role}' only reads. The '${permission}' permission comes with the roles operator, business and technology: an operator of this machine adds people with 'evenkeel people add'.`
      : `The key is ${name}'s, and people's keys have no '${permission}' permission, whatever their role. Send a secret key, or a restricted one with that permission.`,
  )

/** Whether the principal may use a route; asked before anything else of the route, also before a stored answer is given. */
export const checkPermission = (
  principal: Principal,
  { permission, publishable }: { readonly permission: Permission; readonly publishable: boolean },
  key: string,
): Problem | null => {
  if (principal.kind === 'publishable' && publishable) return null
  if (may(principal, permission)) return null
  if (principal.person !== null) return notForPeople(principal.person, permission)
  if (principal.kind === 'publishable') {
    return new Problem(
      'secret_key_required',
      'This API call cannot be made with a publishable API key. Please use a secret API key.',
    )
  }
  return new Problem(
    'permission_missing',
    `The provided key '${redactKey(key)}' does not have the required permissions for this endpoint. Having the '${permission}' permission would allow this request to continue.`,
  )
}
