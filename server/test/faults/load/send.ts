import { classify } from '../oracle/classify.ts'
import type { Journal } from '../oracle/journal.ts'
import type { Intent, Outcome } from '../oracle/model.ts'
import type { Connection } from './connection.ts'

/** Where a server listens, and with which key it is asked. */
export type Place = { readonly address: string; readonly apiKey: string }

/** A server that comes and goes. */
export type Target = {
  /** Resolves when the server listens; null when it never will again. */
  readonly up: () => Promise<Place | null>
}

/** Writes the sending down, sends, and writes the answer down, in this order. */
export const sendOnce = async (
  { journal, connection }: { readonly journal: Journal; readonly connection: Connection },
  { address, apiKey }: Place,
  intent: Intent,
): Promise<Outcome> => {
  const { n, path, body, key } = intent
  journal.send(n)
  const outcome = classify(intent, await connection.post({ address, apiKey, path, body, key }))
  journal.answer(n, outcome)
  return outcome
}
