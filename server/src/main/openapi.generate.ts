import { openApiDocument } from '../http/index.ts'
import { Bug } from '../kit/index.ts'
import type { Platform } from './platform.ts'
import { API_INFO, allRoutes } from './serve.ts'

const notCalled = (): never => {
  throw new Bug('a route was run while it was described')
}

/** Routes are described without being run, so nothing needs to stand behind them. */
const nothing: Pick<Platform, 'commit' | 'read' | 'clock'> = {
  commit: { submit: notCalled, waiting: notCalled, observe: notCalled, drain: notCalled },
  read: notCalled,
  clock: { now: notCalled },
}

/** What the server itself shows at /openapi.json, over several lines so that a change can be read. */
const renderDocument = (): string =>
  `${JSON.stringify(openApiDocument(allRoutes(nothing), API_INFO), null, 2)}\n`

export const generated = [{ path: 'docs/openapi.json', content: renderDocument }]
