import type { Uuid } from '../../../src/kit/index.ts'
import type { Intent, Outcome } from '../oracle/model.ts'
import type { Books } from './books.ts'
import type { Random } from './random.ts'
import {
  batchIntent,
  type Naming,
  type Place,
  resolveIntent,
  type TransferWanted,
  transferIntent,
} from './requests.ts'

const NAMINGS: readonly Naming[] = ['key', 'key', 'key', 'id', 'id', 'both', 'none']
const AMOUNT_MOST = 1_000
const BATCH_MOST = 12
const HOLDS_KNOWN_MOST = 256
const HOLD_TIMEOUT_S = 2

/** An account without money may refuse, and what it refused is never accepted later. */
export const POOR = ['exceeds_credits', 'id_already_failed'] as const
const POOR_CHAIN = [...POOR, 'linked_event_failed'] as const

/** What a load sends: single transfers, small batches, holds and what becomes of them, some of them refused. */
export type Mix = {
  readonly next: (n: number) => Intent
  /** Holds that were acknowledged can be posted and voided later. */
  readonly learn: (intent: Intent, outcome: Outcome) => void
}

export const createMix = (options: {
  readonly prefix: string
  readonly books: Books
  readonly random: Random
  /** False: no hold ends by itself, so that every batch is of requests. */
  readonly holdsExpire?: boolean
}): Mix => {
  const { prefix, books, random, holdsExpire = true } = options
  const holds: string[] = []
  const between = (debits: readonly Uuid[]): TransferWanted => {
    const debit = random.pick(debits)
    const others = books.plain.filter((id) => id !== debit)
    return { debit, credit: random.pick(others), amount: 1 + random.below(AMOUNT_MOST) }
  }
  const plain = (): TransferWanted => between(books.plain)
  const hold = (place: Place): Intent => {
    const flags = ['pending']
    const timeout = holdsExpire && random.chance(0.3) ? { timeout: HOLD_TIMEOUT_S } : {}
    return transferIntent(place, { ...plain(), ...timeout, flags })
  }
  /** Two in a chain, one of which may be refused: then neither is made. */
  const chain = (): TransferWanted[] => [{ ...plain(), flags: ['linked'] }, between(books.poor)]
  /**
   * The repeat of a chain without a key finds its first item existing, and by TigerBeetle's rule that fails the rest:
   * the answer to the repeat says nothing about the first try. So chains have a key.
   */
  const batch = (place: Place): Intent => {
    const hasKey = place.naming === 'key' || place.naming === 'both'
    const chained = hasKey && books.poor.length > 0 && random.chance(0.4)
    const wanted = Array.from({ length: 1 + random.below(BATCH_MOST) }, plain)
    return batchIntent(place, chained ? [...wanted, ...chain()] : wanted, chained ? POOR_CHAIN : [])
  }
  const resolve = (place: Place): Intent => {
    const index = random.below(holds.length)
    const id = holds[index]
    if (id === undefined) return hold(place)
    // Some are left in the list, so that two requests want the same hold.
    if (random.chance(0.8)) holds.splice(index, 1)
    return resolveIntent(place, id, random.chance(0.6) ? 'post' : 'void')
  }
  const make = (place: Place): Intent => {
    const draw = random.below(100)
    if (draw < 15) return batch(place)
    if (draw < 35) return hold(place)
    if (draw < 55) return resolve(place)
    if (draw < 65 && books.poor.length > 0) return transferIntent(place, between(books.poor), POOR)
    if (draw < 70) return transferIntent(place, between(books.rich))
    return transferIntent(place, plain())
  }
  return {
    next: (n) => make({ n, prefix, naming: random.pick(NAMINGS) }),
    learn: (intent, outcome) => {
      const [item] = outcome.class === 'acknowledged' ? outcome.items : []
      const isHold = intent.path.endsWith('/transfers') && intent.body.includes('"pending"')
      if (!isHold || item === undefined || !('made' in item)) return
      if (holds.length < HOLDS_KNOWN_MOST) holds.push(item.made)
    },
  }
}
