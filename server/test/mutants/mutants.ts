import { commitMutants } from './commit-mutants.ts'
import { coreMutants } from './core-mutants.ts'
import { databaseMutants } from './database-mutants.ts'
import type { Mutant } from './mutant.ts'
import { paymentsMutants } from './payments-mutants.ts'

/** Every one of them must be caught. */
export const MUTANTS: readonly Mutant[] = [
  ...coreMutants,
  ...commitMutants,
  ...databaseMutants,
  ...paymentsMutants,
]
