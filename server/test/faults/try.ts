import { killPostgres } from './runs/kill-postgres.ts'
import { killServer } from './runs/kill-server.ts'
import { openSite } from './runs/site.ts'
import { stopServer } from './runs/stop-server.ts'

const t = performance.now()
const site = await openSite()
const say = (l: string) => console.log((performance.now() - t) | 0, l)
say('open')
const n = Number(process.argv[3] ?? 3)
const a = { rounds: 1, perRound: n }
try {
  for (const w of (process.argv[2] ?? '').split(',')) {
    const tally =
      w === 's'
        ? await killServer(site, a, say)
        : w === 'p'
          ? await killPostgres(site, 'everything', a, say)
          : w === 'b'
            ? await killPostgres(site, 'backend', a, say)
            : await stopServer(site, a, say)
    console.log(tally, (performance.now() - t) | 0)
  }
} finally {
  await site.close()
}
