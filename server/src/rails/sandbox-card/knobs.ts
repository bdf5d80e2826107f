/** How the tester wants the acquirer to misbehave. Everything is off by itself. */
export type Knobs = {
  /** Before each answer. */
  readonly latency_ms: number
  /** Of 1,000 orders, how many are answered by nothing; every second of them never arrived. */
  readonly unknown_rate: number
  /** Of 1,000 authorisations that would succeed, how many are declined: do_not_honor. */
  readonly decline_rate: number
  /** Of 1,000 authorisations, how many the rail refuses itself, before anything is sent to the issuer. */
  readonly refuse_rate: number
  /** Of 1,000 captures, how many stand twice in their settlement: the card was debited twice. */
  readonly double_post_rate: number
  /** Every order is done, and no answer is given. */
  readonly lose_answers: boolean
  readonly duplicate_notifications: boolean
  /** The first line of each settlement is one minor unit too small. */
  readonly settle_wrong: boolean
  /** The last four digits of an amount choose what happens. */
  readonly amount_outcomes: boolean
}

export const QUIET: Knobs = {
  latency_ms: 0,
  unknown_rate: 0,
  decline_rate: 0,
  refuse_rate: 0,
  double_post_rate: 0,
  lose_answers: false,
  duplicate_notifications: false,
  settle_wrong: false,
  amount_outcomes: false,
}

/** As stored: what was never set, or by a later release, is as it is without knobs. */
export const readKnobs = (stored: unknown): Knobs => ({ ...QUIET, ...(stored as Partial<Knobs> | null) })
