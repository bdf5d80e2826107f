import type { Micros, Uuid } from '../../kit/index.ts'
import { SECRETS_MOST } from '../limits.ts'
import { EVERY_TYPE } from './event-types.ts'

/** Sealed by the vault; the first is the newest. One that was replaced signs until its time, by the wall clock. */
export type SealedSecret = { readonly sealed: string; readonly expiresMs: number | null }

/** failing: nothing arrived for as long as something was tried. gone: it answered 410. */
export type DisabledReason = 'requested' | 'failing' | 'gone'

export type Endpoint = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly url: string
  readonly enabledEvents: readonly string[]
  readonly description: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly apiVersion: string | null
  readonly livemode: boolean
  readonly disabledReason: DisabledReason | null
  readonly disabledMicros: Micros | null
  /** Events after this number are its own. */
  readonly fromSequence: bigint
  readonly secrets: readonly SealedSecret[]
  readonly deleted: boolean
}

export const isEnabled = ({ deleted, disabledReason }: Endpoint): boolean =>
  !deleted && disabledReason === null

export const wants = ({ enabledEvents }: Pick<Endpoint, 'enabledEvents'>, type: string): boolean =>
  enabledEvents.includes(type) || enabledEvents.includes(EVERY_TYPE)

/** The types that any of the endpoints wants; null for all types. */
export const typesWanted = (endpoints: readonly Endpoint[]): readonly string[] | null => {
  const types = new Set(endpoints.flatMap(({ enabledEvents }) => enabledEvents))
  return types.has(EVERY_TYPE) ? null : [...types]
}

export const liveSecrets = ({ secrets }: Pick<Endpoint, 'secrets'>, nowMs: number): readonly SealedSecret[] =>
  secrets.filter(({ expiresMs }) => expiresMs === null || expiresMs > nowMs)

/** The new secret first; those before it sign for so long more, the newest of them. */
export const rollSecret = (
  endpoint: Endpoint,
  {
    sealed,
    nowMs,
    overlapMs,
  }: { readonly sealed: string; readonly nowMs: number; readonly overlapMs: number },
): Endpoint => {
  const until = nowMs + overlapMs
  const old = liveSecrets(endpoint, nowMs).map((secret) => ({
    ...secret,
    expiresMs: secret.expiresMs === null || secret.expiresMs > until ? until : secret.expiresMs,
  }))
  const kept = overlapMs > 0 ? old.slice(0, SECRETS_MOST - 1) : []
  return { ...endpoint, secrets: [{ sealed, expiresMs: null }, ...kept] }
}

export type EndpointChanges = {
  readonly url?: string
  readonly enabledEvents?: readonly string[]
  readonly description?: string | null
  /** '' takes all away; an empty text takes its key away. */
  readonly metadata?: Readonly<Record<string, string>> | ''
  readonly disabled?: boolean
}

export const changeMetadata = (
  old: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>> | '' | undefined,
): Readonly<Record<string, string>> => {
  if (changes === undefined) return old
  if (changes === '') return {}
  return Object.fromEntries(Object.entries({ ...old, ...changes }).filter(([, value]) => value !== ''))
}

export const disableEndpoint = (endpoint: Endpoint, reason: DisabledReason, nowMicros: Micros): Endpoint =>
  endpoint.disabledReason === null
    ? { ...endpoint, disabledReason: reason, disabledMicros: nowMicros }
    : endpoint

export const changeEndpoint = (endpoint: Endpoint, changes: EndpointChanges, nowMicros: Micros): Endpoint => {
  const changed: Endpoint = {
    ...endpoint,
    url: changes.url ?? endpoint.url,
    enabledEvents: changes.enabledEvents ?? endpoint.enabledEvents,
    description: changes.description === undefined ? endpoint.description : changes.description,
    metadata: changeMetadata(endpoint.metadata, changes.metadata),
  }
  if (changes.disabled === true) return disableEndpoint(changed, 'requested', nowMicros)
  return changes.disabled === false ? { ...changed, disabledReason: null, disabledMicros: null } : changed
}
