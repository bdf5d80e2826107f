import type { Person, RequestContext } from '../http/index.ts'
import type { TenantId, Uuid } from '../kit/index.ts'
import type { Door } from '../requests/index.ts'
import type { KnownRails } from './core/check-subject.ts'

/** What the routes of launches stand on: main hands it in. */
export type LaunchesDoor = Door & {
  /** The rails that payments can go by, and the ordinary one. */
  readonly railsOf: (mode: RequestContext['mode']) => KnownRails
  /** Of the newest payments, how many name no customer: a launch by customer would not expose them. */
  readonly countWithoutCustomer: (
    tenant: TenantId,
  ) => Promise<{ readonly payments: number; readonly without: number }>
  /** Null where there is no such person, or no more. */
  readonly findPerson: (tenant: TenantId, id: Uuid) => Promise<Person | null>
}
