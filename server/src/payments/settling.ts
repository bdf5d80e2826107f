import type { Authorised } from '../rails/index.ts'
import type { Attempt } from './core/model.ts'
import type { PostingIds } from './postings.ts'
import type { World } from './world.ts'

/** An answer of the rail, and everything that the unit that takes it in is told. */
export type Settling = {
  readonly world: World
  readonly attempt: Attempt
  readonly answer: Authorised
  readonly ids: PostingIds
}
