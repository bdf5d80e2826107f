import type { Route } from '../../http/index.ts'
import type { LaunchesDoor } from '../door.ts'
import { decidingRoutes } from './decide.ts'
import { drivingRoutes } from './drive.ts'
import { readingRoutes } from './read.ts'
import { writingRoutes } from './write.ts'

/** The launch record's routes; the controller, the service levels and the board have their own. */
export const recordRoutes = (door: LaunchesDoor): Route[] => [
  ...readingRoutes(door),
  ...writingRoutes(door),
  ...decidingRoutes(door),
  ...drivingRoutes(door),
]
