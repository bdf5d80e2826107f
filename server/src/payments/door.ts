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

/** The rail that knows cards by what was entered: the first of its kind of books. Null where there is none. */
export const chooseRail = (rails: readonly Rail[], mode: 'live' | 'test'): Rail | null =>
  rails.find(({ isLive }) => isLive === (mode === 'live')) ?? null

/** The names of all of that kind, in the order in which they are tried where nothing else says. */
export const railNames = (rails: readonly Rail[], mode: 'live' | 'test'): readonly string[] =>
  rails.filter(({ isLive }) => isLive === (mode === 'live')).map(({ name }) => name)

/** The rail that an earlier order went to. */
export const railNamed = (rails: readonly Rail[], name: string): Rail => {
  const rail = rails.find((each) => each.name === name)
  assert(rail !== undefined, `the rail ${name} is there`)
  return rail
}
