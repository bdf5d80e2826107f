import type { CustomersDoor } from '../customers/index.ts'
import { assert } from '../kit/index.ts'
import type { Rail } from '../rails/index.ts'
import type { Door } from '../requests/index.ts'
import type { ClientSecrets } from './secrets.ts'
import type { PaymentSettings } from './settings.ts'

/** What payments stand on: main hands it in. */
export type PaymentsDoor = Door &
  Pick<CustomersDoor, 'expanders' | 'publicUrl'> & {
    readonly rails: readonly Rail[]
    readonly secrets: ClientSecrets
    readonly settings: PaymentSettings
  }

/** The rail that a payment goes to: the one of its kind of books. Null where there is none. */
export const chooseRail = (rails: readonly Rail[], mode: 'live' | 'test'): Rail | null =>
  rails.find(({ isLive }) => isLive === (mode === 'live')) ?? null

/** The rail that an earlier order went to. */
export const railNamed = (rails: readonly Rail[], name: string): Rail => {
  const rail = rails.find((each) => each.name === name)
  assert(rail !== undefined, `the rail ${name} is there`)
  return rail
}
