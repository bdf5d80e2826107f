import type { RequestContext } from '../http/index.ts'
import type { TenantId } from '../kit/index.ts'
import type { Rail } from '../rails/index.ts'
import type { Door, Expanders } from '../requests/index.ts'

/** What the routes of this folder stand on: main hands it in. */
export type CustomersDoor = Door & {
  /** The rail that takes cards; null where there is none, as in the live books without a live one. */
  readonly railOf: (mode: RequestContext['mode']) => Rail | null
  /** Whether the sandbox has this clock in hand. */
  readonly hasTestClock: (tenant: TenantId, id: string) => Promise<boolean>
  /** Of all capabilities: what an id can be expanded to. */
  readonly expanders: Expanders
  /** Where people reach the server: makes addresses of a rail's paths. */
  readonly publicUrl: () => string
}
