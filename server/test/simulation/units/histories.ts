import fc from 'fast-check'
import type { Plan } from './acquirer.ts'
import type { CrashAt } from './crashes.ts'

/** How a request goes: where its process dies, if it does, and what its sender does then. */
export type Manner = {
  readonly plan: Plan
  readonly crashAt: CrashAt | null
  /** retry: the same key, once the lease of the dead is over. leave: the timer heals it. */
  readonly after: 'retry' | 'leave'
  /** Sent twice at once under one key. */
  readonly isTwin: boolean
}

/** `which` chooses among what is there, `share` how much of it, of ten. */
export type Move =
  | { readonly kind: 'pay'; readonly amount: number; readonly isManual: boolean; readonly manner: Manner }
  | { readonly kind: 'confirm' | 'cancel'; readonly which: number; readonly manner: Manner }
  | {
      readonly kind: 'capture' | 'refund'
      readonly which: number
      readonly share: number
      readonly manner: Manner
    }
  /** A capture and a cancellation at once, or two refunds of which there may be money for one. */
  | { readonly kind: 'race'; readonly which: number; readonly of: 'hold' | 'refunds'; readonly plan: Plan }
  | { readonly kind: 'evidence' | 'accept'; readonly which: number; readonly manner: Manner }
  | { readonly kind: 'refund fails'; readonly which: number }
  | { readonly kind: 'dispute'; readonly which: number; readonly state: 'inquiry' | 'opened' }
  | { readonly kind: 'news'; readonly which: number; readonly state: 'opened' | 'won' | 'lost' | 'closed' }
  /** A share of all cards goes to the other rail from now on, of ten; up to so much of money, where it is capped. */
  | {
      readonly kind: 'launch'
      readonly share: number
      readonly perStage: number | null
      readonly perDay: number | null
    }
  /** Comes while a payment is being made. */
  | { readonly kind: 'stop'; readonly which: number; readonly amount: number }
  /** Pending orders find their outcome. */
  | { readonly kind: 'resolve' }
  /** The rail tells what it has to tell, and again what it told before. */
  | { readonly kind: 'tell'; readonly again: number }
  | { readonly kind: 'heal'; readonly crashAt: CrashAt | null }
  | { readonly kind: 'days'; readonly days: number }

export type History = readonly Move[]

const which = fc.nat({ max: 20 })
const share = fc.integer({ min: 1, max: 10 })

const crashAt: fc.Arbitrary<CrashAt | null> = fc.option(
  fc.record({ call: fc.integer({ min: 1, max: 5 }), side: fc.constantFrom('before', 'after') }),
  { freq: 2 },
)

const plan: fc.Arbitrary<Plan> = fc.record({
  outcome: fc.oneof(
    { weight: 5, arbitrary: fc.constant('succeeds' as const) },
    { weight: 1, arbitrary: fc.constant('declines' as const) },
    { weight: 1, arbitrary: fc.constant('succeeds later' as const) },
    { weight: 1, arbitrary: fc.constant('declines later' as const) },
    { weight: 2, arbitrary: fc.constant('refuses' as const) },
    { weight: 1, arbitrary: fc.constant('refuses later' as const) },
  ),
  answer: fc.oneof(
    { weight: 4, arbitrary: fc.constant('given' as const) },
    { weight: 1, arbitrary: fc.constant('lost' as const) },
    { weight: 1, arbitrary: fc.constant('never arrived' as const) },
  ),
  silences: fc.nat({ max: 2 }),
  isQuick: fc.boolean(),
  overtakes: fc.boolean(),
})

const manner: fc.Arbitrary<Manner> = fc
  .record({ plan, crashAt, after: fc.constantFrom('retry' as const, 'leave' as const), isTwin: fc.boolean() })
  .map((one) => ({ ...one, isTwin: one.isTwin && one.crashAt === null }))

const cap = fc.option(fc.integer({ min: 10_000, max: 80_000 }), { freq: 3 })

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      amount: fc.integer({ min: 50, max: 30_000 }),
      isManual: fc.boolean(),
      manner,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('confirm' as const, 'cancel' as const), which, manner }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('capture' as const), which, share, manner }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('refund' as const), which, share, manner }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('evidence' as const, 'accept' as const), which, manner }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('race' as const),
      which,
      of: fc.constantFrom('hold' as const, 'refunds' as const),
      plan,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refund fails' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('dispute' as const),
      which,
      state: fc.constantFrom('inquiry' as const, 'opened' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('news' as const),
      which,
      state: fc.constantFrom('opened' as const, 'won' as const, 'lost' as const, 'closed' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('launch' as const),
      share: fc.integer({ min: 3, max: 10 }),
      perStage: cap,
      perDay: cap,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('stop' as const),
      which,
      amount: fc.integer({ min: 50, max: 30_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resolve' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tell' as const), again: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('heal' as const), crashAt }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 4 }) }),
  },
)

export const histories = (longest: number): fc.Arbitrary<History> =>
  fc.array(move, { minLength: 2, maxLength: longest, size: 'max' })
