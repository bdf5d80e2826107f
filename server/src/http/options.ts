import type { Registry } from '@prometheus-io/client'
import type { WallClock } from '../kit/index.ts'
import type { Authenticate } from './authentication.ts'
import type { ErrorTables } from './errors-markdown.ts'
import type { FaultOf } from './fault-of.ts'
import type { Timeouts } from './limits.ts'
import type { Log } from './log.ts'
import type { ApiInfo } from './openapi.ts'
import type { PageRoute } from './pages.ts'
import type { Route } from './route.ts'

export type Readiness = {
  readonly ready: boolean
  /** What was looked at, in a word each: database: ok, migrations: behind … */
  readonly checks: Readonly<Record<string, string>>
}

export type ServerOptions = {
  readonly routes: readonly Route[]
  /** Pages for people, beside the API. */
  readonly pages?: readonly PageRoute[]
  readonly authenticate: Authenticate
  readonly wall: WallClock
  readonly log: Log
  /** Without it, only what was thrown as a fault is one. */
  readonly faultOf?: FaultOf
  /** Made by createRegistry; everybody's metrics are in it. */
  readonly registry: Registry
  /** Opens /metrics to other machines; without it, only this one may read it. */
  readonly metricsKey: string | null
  /** Whether the server can do its work now, asked by /readyz. */
  readonly ready: () => Readiness | Promise<Readiness>
  /** Whether it will be closed soon: /readyz says so, and answers end their connections, so that nobody is cut off then. */
  readonly leaving?: () => boolean
  readonly info: ApiInfo
  /** Every capability's reasons, for the page that doc_url points to. */
  readonly errors: ErrorTables
  readonly timeouts?: Partial<Timeouts>
  /** Compares every answer with its schema and makes a bug of a difference. For tests. */
  readonly checkAnswers?: boolean
}
