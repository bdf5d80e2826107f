// A process of its own that holds a cluster, for tests that start two at once or kill one:
// `node main.ts FOLDER server|guest`. Prints one line of JSON and waits for SIGTERM.

import { once } from 'node:events'
import { ensureCluster } from '../../src/database/cluster/ensure-cluster.ts'
import { SetupProblem } from '../../src/kit/index.ts'

const [folder = '', role] = process.argv.slice(2)
const say = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

try {
  const cluster = await ensureCluster({
    folder,
    role: role === 'server' ? 'server' : 'guest',
    superuserPassword: 'a password of tests',
    log: { info: () => undefined, warn: () => undefined },
    tuning: { unsafe: true, memoryBytes: 536_870_912, diskBytes: 2_147_483_648 },
  })
  const terminated = once(process, 'SIGTERM')
  const alive = setInterval(() => undefined, 60_000)
  say({ adopted: cluster.adopted, created: cluster.created, pid: cluster.pid(), port: cluster.port })
  await terminated
  clearInterval(alive)
  await cluster.stop()
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error
  say({ problem: error.message, fix: error.fix })
}
