import { createSecretKey } from 'node:crypto'
import pg from 'pg'
import { openApiDocument } from '../http/index.ts'
import { Bug } from '../kit/index.ts'
import { openSandboxCard } from './sandbox.ts'
import { API_INFO, allRoutes, type RouteGround } from './serve.ts'

const notCalled = (): never => {
  throw new Bug('a route was run while it was described')
}

/** Routes are described without being run, so nothing needs to stand behind them. */
const nothing: RouteGround = {
  commit: { submit: notCalled, waiting: notCalled, observe: notCalled, drain: notCalled },
  read: notCalled,
  clock: { now: notCalled },
  connections: { acquire: notCalled },
  capacity: notCalled,
  sealsAnswers: true,
  reachable: { allowPrivate: false, isLocal: false },
  paymentSettings: { fees: { bps: 0, fixed: 0 }, disputeFee: 0, settlementDelayDays: 0 },
  publicUrl: { get: notCalled, set: notCalled },
  vault: {
    seal: notCalled,
    open: notCalled,
    dataKey: notCalled,
    rotate: notCalled,
    fingerprintKey: () => createSecretKey(Buffer.alloc(1)),
  },
  // A pool connects when it is asked for something, and it is not.
  sandboxCard: openSandboxCard(
    { plain: new pg.Pool() },
    { fingerprintKey: () => createSecretKey(Buffer.alloc(1)) },
    { now: () => 0 },
  ),
}

/** What the server itself shows at /openapi.json, over several lines so that a change can be read. */
const renderDocument = (): string =>
  `${JSON.stringify(openApiDocument(allRoutes(nothing), API_INFO), null, 2)}\n`

export const generated = [{ path: 'docs/openapi.json', content: renderDocument }]
