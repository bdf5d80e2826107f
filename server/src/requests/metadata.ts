import { Type } from 'typebox'
import { metadataParameter } from '../http/index.ts'

export type Metadata = Readonly<Record<string, string>>

const KEYS_MOST = 50

/** metadata, where an empty text clears all of it, as the whole or for one key. */
export const metadataUpdateParameter = () =>
  Type.Union([Type.Literal(''), metadataParameter()], {
    description:
      'Keys are added to those that are there; a key with an empty text is removed, and an empty text in place of all removes all.',
  })

/** What stands after an update: null where it would be more keys than an object may have. */
export const mergeMetadata = (before: Metadata, sent: Metadata | '' | undefined): Metadata | null => {
  if (sent === undefined) return before
  if (sent === '') return {}
  const merged = Object.fromEntries(
    Object.entries({ ...before, ...sent }).filter(([, value]) => value !== ''),
  )
  return Object.keys(merged).length > KEYS_MOST ? null : merged
}
