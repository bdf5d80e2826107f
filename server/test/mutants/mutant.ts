/** A change of one place in the code. */
type Edit = {
  /** Must stand there exactly once, so that a mutant that no longer applies is noticed. */
  readonly find: string
  readonly replace: string
}

/** A planted bug, and the test by name that must go red. */
export type Mutant = Edit & {
  readonly name: string
  /** Below server/. */
  readonly file: string
  /** Further places of the same file that the bug needs. */
  readonly also?: readonly Edit[]
  /** The test file, below server/, and the name of the test in it, or how it begins. */
  readonly test: string
  readonly named: string
  /** Pure ones are played in CI as a test of the tests; the others need PostgreSQL. */
  readonly cost: 'pure' | 'db'
}
