import { canonicalJson, type Json } from '../kit/index.ts'
import { hashOf } from './core/entry.ts'

/** What an entry holds beside what is hashed. */
const NOT_HASHED = new Set(['object', 'livemode', 'previous_hash', 'hash'])

/** The hash of an entry as the API shows it, computed from what is shown. */
export const hashOfShown = (entry: Readonly<Record<string, unknown>>): string => {
  const content = Object.fromEntries(Object.entries(entry).filter(([name]) => !NOT_HASHED.has(name)))
  return hashOf(String(entry['previous_hash']), canonicalJson(content as Json))
}
