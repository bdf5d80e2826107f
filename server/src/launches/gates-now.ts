import type { Declare, Draft } from '../database/index.ts'
import type { Uuid } from '../kit/index.ts'
import { declareWatch, readBudget, readWatch } from './controller/waking.ts'
import { gatesOf, isCovered, startGatesOf } from './core/gates.ts'
import type { Gate, Launch } from './core/model.ts'
import { declareLaunch } from './move.ts'
import type { Live } from './views.ts'

/** Round 1 of whoever moves a launch on: the launch, and what the controller knows of it. */
export const declareGates = (declare: Declare, id: Uuid): void => {
  declareLaunch(declare, id)
  declareWatch(declare, id)
}

/** The gates as they stand under the head row's lock. */
export const gatesNow = (draft: Draft, launch: Launch): Gate[] =>
  gatesOf({
    launch,
    watch: readWatch(draft, launch.id),
    nowMicros: draft.now,
    budget: readBudget(draft),
    coverOk: isCovered(launch.content.cover),
  })

export const startGatesNow = (draft: Draft, launch: Launch): Gate[] =>
  startGatesOf({
    launch,
    nowMicros: draft.now,
    budget: readBudget(draft),
    coverOk: isCovered(launch.content.cover),
  })

/** What stands in an answer of a unit that read the gates. */
export const liveNow = (draft: Draft, launch: Launch): Live => ({
  watch: readWatch(draft, launch.id),
  gates: launch.startedMicros === null ? startGatesNow(draft, launch) : gatesNow(draft, launch),
})
