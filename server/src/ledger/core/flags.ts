/** What an account may do. Several may be set at once; the two limits exclude each other. */
export const ACCOUNT_FLAGS = {
  linked: 1,
  debits_must_not_exceed_credits: 2,
  credits_must_not_exceed_debits: 4,
  history: 8,
  imported: 16,
  closed: 32,
} as const

/** What sort of transfer it is. post and void exclude each other and pending, balancing and closing. */
export const TRANSFER_FLAGS = {
  linked: 1,
  pending: 2,
  post_pending_transfer: 4,
  void_pending_transfer: 8,
  balancing_debit: 16,
  balancing_credit: 32,
  closing_debit: 64,
  closing_credit: 128,
  imported: 256,
} as const

export type AccountFlag = keyof typeof ACCOUNT_FLAGS
export type TransferFlag = keyof typeof TRANSFER_FLAGS

export const ACCOUNT_FLAG_NAMES = Object.keys(ACCOUNT_FLAGS) as readonly AccountFlag[]
export const TRANSFER_FLAG_NAMES = Object.keys(TRANSFER_FLAGS) as readonly TransferFlag[]

const bitsOf = (table: Readonly<Record<string, number>>, names: readonly string[]): number | null => {
  let bits = 0
  for (const name of names) {
    const bit = Object.hasOwn(table, name) ? table[name] : undefined
    if (bit === undefined) return null
    bits |= bit
  }
  return bits
}

const namesOf = <Name extends string>(table: Readonly<Record<Name, number>>, bits: number): Name[] =>
  (Object.keys(table) as Name[]).filter((name) => (bits & table[name]) !== 0)

/** The set of named flags as bits, null when a name is unknown. One flag may be named twice. */
export const accountFlagBits = (names: readonly string[]): number | null => bitsOf(ACCOUNT_FLAGS, names)
export const transferFlagBits = (names: readonly string[]): number | null => bitsOf(TRANSFER_FLAGS, names)

export const accountFlagNames = (bits: number): AccountFlag[] => namesOf(ACCOUNT_FLAGS, bits)
export const transferFlagNames = (bits: number): TransferFlag[] => namesOf(TRANSFER_FLAGS, bits)
