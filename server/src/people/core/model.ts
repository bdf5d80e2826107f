import type { Micros, Uuid } from '../../kit/index.ts'

/** business and technology sign launches, operators stop, viewers look. */
export const PERSON_ROLES = ['business', 'technology', 'operator', 'viewer'] as const
export type PersonRole = (typeof PERSON_ROLES)[number]

export const PERSON_PREFIX = 'person'

export type PersonRow = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly name: string
  readonly role: PersonRole
  /** Wall clock. */
  readonly addedMs: number
  readonly removedMs: number | null
}
