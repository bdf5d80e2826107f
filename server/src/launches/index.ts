import { writeController } from './controller/store.ts'
import { LEVEL_REASONS } from './core/levels/reasons.ts'
import { LAUNCH_REASONS } from './core/reasons.ts'
import { writeLevels } from './levels/store.ts'
import { writeLaunchRecords } from './store.ts'

export { type BoardDoor, boardRoute } from './board/route.ts'
export { verdictRoutes } from './controller/routes.ts'
export type { ControllerDoor } from './controller/tick.ts'
export { controllerDrain, controllerTimers } from './controller/timers.ts'
export type { KnownRails } from './core/check-subject.ts'
export type { LaunchesDoor } from './door.ts'
export { recordTimers } from './later.ts'
export { levelRoutes } from './levels/routes.ts'
export { recordRoutes } from './routes/all.ts'
export { LAUNCH_TABLES } from './table-rules.ts'

/** For the commit. */
export const writeLaunches = [...writeLaunchRecords, ...writeController, ...writeLevels]

/** For docs/ERRORS.md. */
export const launchErrors = { Launches: LAUNCH_REASONS, 'Service levels': LEVEL_REASONS } as const
