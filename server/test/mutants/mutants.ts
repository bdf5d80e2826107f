import { auditMutants } from './audit-mutants.ts'
import { availabilityMutants } from './availability-mutants.ts'
import { backupMutants } from './backup-mutants.ts'
import { boardMutants } from './board-mutants.ts'
import { closingMutants } from './closing-mutants.ts'
import { commitMutants } from './commit-mutants.ts'
import { controllerMutants } from './controller-mutants.ts'
import { coreMutants } from './core-mutants.ts'
import { customersMutants } from './customers-mutants.ts'
import { databaseMutants } from './database-mutants.ts'
import { eventsMutants } from './events-mutants.ts'
import { exposureMutants } from './exposure-mutants.ts'
import { faultsMutants } from './faults-mutants.ts'
import { intentsMutants } from './intents-mutants.ts'
import { keysMutants } from './keys-mutants.ts'
import { launchedPaymentsMutants } from './launched-payments-mutants.ts'
import { launchesMutants } from './launches-mutants.ts'
import { moneyMutants } from './money-mutants.ts'
import { moveMutants } from './move-mutants.ts'
import type { Mutant } from './mutant.ts'
import { paymentsMutants } from './payments-mutants.ts'
import { railsMutants } from './rails-mutants.ts'
import { restoreMutants } from './restore-mutants.ts'
import { routingMutants } from './routing-mutants.ts'
import { secretsMutants } from './secrets-mutants.ts'
import { upgradeMutants } from './upgrade-mutants.ts'

/** Every one of them must be caught. */
export const MUTANTS: readonly Mutant[] = [
  ...auditMutants,
  ...backupMutants,
  ...restoreMutants,
  ...coreMutants,
  ...commitMutants,
  ...databaseMutants,
  ...paymentsMutants,
  ...customersMutants,
  ...eventsMutants,
  ...exposureMutants,
  ...faultsMutants,
  ...controllerMutants,
  ...intentsMutants,
  ...keysMutants,
  ...launchedPaymentsMutants,
  ...launchesMutants,
  ...moneyMutants,
  ...moveMutants,
  ...railsMutants,
  ...routingMutants,
  ...secretsMutants,
  ...boardMutants,
  ...closingMutants,
  ...availabilityMutants,
  ...upgradeMutants,
]
