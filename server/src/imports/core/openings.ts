import { assert, type Micros, type Uuid } from '../../kit/index.ts'
import type { AccountCommand } from './commands.ts'
import type { OwnAccount, Profile } from './profile.ts'

/**
 * Makes an id from what it stands for, so that the same content has the same id in every run. With a time the id
 * sorts by it, which keeps ten million new rows in the order of the index.
 */
export type Identify = (content: string, millis: number | null) => Uuid

/** The accounts of an import: what opens them, and their ids once they are. */
export type Openings = {
  /** Opens our own accounts, one microsecond after the other. */
  readonly openOwn: (startMicros: Micros) => readonly AccountCommand[]
  readonly openCustomer: (account: string, timeMicros: Micros) => AccountCommand
  readonly customerId: (account: string) => Uuid
  readonly ownId: (reference: string) => Uuid
}

/** Our own accounts of a profile: the counter-accounts and the one for differences. */
export const ownAccountsOf = (profile: Profile): readonly OwnAccount[] => [
  ...profile.counterAccounts,
  profile.differencesAccount,
]

const idIn = (ids: ReadonlyMap<string, Uuid>, name: string): Uuid => {
  const id = ids.get(name)
  assert(id !== undefined, `the account ${name} was opened before it is used`)
  return id
}

type Opening = { readonly id: Uuid; readonly timeMicros: Micros; readonly flags: readonly string[] }

/** Times of before 1970 cannot be recorded; 0 makes the ledger refuse them as imported, and they become ordinary. */
export const recordable = (micros: Micros): Micros => (micros < 0n ? 0n : micros)

const accountOf = (profile: Profile, account: OwnAccount, opening: Opening): AccountCommand => ({
  id: opening.id,
  ledger: profile.ledger.number,
  code: account.code,
  flags: ['imported', ...opening.flags],
  userData: 0n,
  timeMicros: recordable(opening.timeMicros),
  currency: profile.currency.code,
  reference: account.reference,
  metadata: null,
})

/** Ids stand for the profile's name and the account, so a second file of the same system finds the same accounts. */
export const createOpenings = (profile: Profile, identify: Identify): Openings => {
  const customers = new Map<string, Uuid>()
  const own = new Map<string, Uuid>()
  return {
    openOwn: (startMicros) =>
      ownAccountsOf(profile).map((account, index) => {
        const id = identify(JSON.stringify(['own', profile.name, account.reference]), null)
        own.set(account.reference, id)
        return accountOf(profile, account, { id, timeMicros: startMicros + BigInt(index), flags: [] })
      }),
    openCustomer: (account, timeMicros) => {
      const id = identify(JSON.stringify(['account', profile.name, account]), null)
      customers.set(account, id)
      const { referencePrefix, code, flags } = profile.accounts
      return accountOf(profile, { reference: referencePrefix + account, code }, { id, timeMicros, flags })
    },
    customerId: (account) => idIn(customers, account),
    ownId: (reference) => idIn(own, reference),
  }
}
