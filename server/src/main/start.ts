import { SetupProblem } from '../kit/index.ts'
import { FIRST_SANDBOX_NAME } from '../tenants/index.ts'
import { shipTheRest } from './backup-watch.ts'
import { banner } from './banner.ts'
import { toldToOperator } from './database-trouble.ts'
import { openPlatform, type Platform } from './platform.ts'
import { type Running, serve } from './serve.ts'
import { createStopping } from './stopping.ts'

/** Once its door is closed: past this the process ends, whatever still runs; what was acknowledged is on disk. */
const STOP_WITHIN_MS = 4_500
const MILLIS_PER_SECOND = 1_000

const SETUP_PROBLEM = 2

/** A problem of the set-up is shown as what is wrong and what to do; anything else keeps its stack. */
export const showProblem = (error: unknown): void => {
  if (error instanceof SetupProblem)
    process.stderr.write(
      `\n  ${error.message.replaceAll('\n', '\n  ')}\n\n  ${error.fix.replaceAll('\n', '\n  ')}\n\n`,
    )
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
}

const stopOnSignals = (platform: Platform, running: Running): void => {
  const stop = async (): Promise<void> => {
    const force = setTimeout(() => process.exit(1), STOP_WITHIN_MS)
    force.unref()
    try {
      await running.stop()
      await platform.close()
      await shipTheRest(platform)
      process.exitCode = 0
    } catch (error) {
      showProblem(error)
      process.exitCode = 1
    }
    clearTimeout(force)
    process.exit()
  }
  const onSignal = createStopping({
    now: platform.clock.now,
    drainMs: platform.configuration.drainSeconds * MILLIS_PER_SECOND,
    ...running.leaving,
    stop,
    giveUp: () => process.exit(1),
    say: (line) => process.stderr.write(`\n  ${line}\n`),
  })
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
}

const firstKey = async (platform: Platform): Promise<string | null> => {
  if (!platform.isNew) return null
  const made = await platform.tenants.createKey({ tenant: FIRST_SANDBOX_NAME, name: 'first key' })
  return made.ok ? made.text : null
}

/** Starts the server and stays until a signal stops it. */
export const start = async (): Promise<void> => {
  let platform: Platform | null = null
  try {
    platform = await openPlatform({ as: 'server' })
    const running = await serve(platform)
    stopOnSignals(platform, running)
    const key = await firstKey(platform)
    process.stdout.write(banner({ address: running.address, platform, key, backups: running.backups }))
  } catch (error) {
    showProblem(toldToOperator(error))
    await platform?.close()
    process.exit(SETUP_PROBLEM)
  }
}

if (import.meta.main) await start()
