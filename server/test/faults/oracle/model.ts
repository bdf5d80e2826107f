/** One transfer that a request wants. Its external reference finds it again, whoever chose its id. */
export type Item = {
  readonly reference: string
  /** Chosen by the client, as a plain UUID; null: the server makes one. */
  readonly id: string | null
  /** Null: all of a hold. */
  readonly amount: number | null
}

/** What is written down before a request is sent for the first time. */
export type Intent = {
  readonly n: number
  readonly path: string
  readonly key: string | null
  readonly body: string
  readonly items: readonly Item[]
  /** The codes with which it may be refused; every other refusal is a failure of the run. */
  readonly mayRefuse: readonly string[]
}

/** What became of one item: made, with its id, or refused, with the code. */
export type ItemOutcome = { readonly made: string } | { readonly refused: string }

/**
 * acknowledged   the server said that it is done; of a batch, each item for itself
 * refused        the server said no, for good
 * retryable      the server said that it did not do it, or that somebody else is at it: send it again
 * unknown        no answer, or one that says that the outcome is not known
 * unclassified   anything else, which fails the run
 */
export type Outcome =
  | {
      readonly class: 'acknowledged'
      readonly items: readonly ItemOutcome[]
      readonly replayed: boolean
      /** Of the body, so that replays can be compared to the byte. */
      readonly digest: string
    }
  | { readonly class: 'refused'; readonly code: string; readonly digest: string }
  | { readonly class: 'retryable'; readonly code: string }
  | { readonly class: 'unknown'; readonly why: string }
  | { readonly class: 'unclassified'; readonly why: string }

/** A request and all answers to it, in order. */
export type Story = { readonly intent: Intent; readonly outcomes: readonly Outcome[] }

export const isFinal = (outcome: Outcome | undefined): boolean =>
  outcome?.class === 'acknowledged' || outcome?.class === 'refused'

/** Whether it may be sent again: by its key, or because every item carries the id that the client chose. */
export const isRepeatable = ({ key, items }: Intent): boolean =>
  key !== null || items.every(({ id }) => id !== null)
