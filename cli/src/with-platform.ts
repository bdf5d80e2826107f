import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from './context.ts'
import { CLOSE_WITHIN_MS } from './limits.ts'
import type { Platform } from './platform.ts'
import { CommandProblem } from './problem.ts'

const interrupted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const stop = (): void => reject(new CommandProblem('Stopped.', null, 130))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })

const orLater = async (closing: Promise<void>): Promise<void> => {
  const timer = new AbortController()
  const late = sleep(CLOSE_WITHIN_MS, undefined, { signal: timer.signal }).catch(() => undefined)
  await Promise.race([closing, late]).finally(() => timer.abort())
}

/**
 * Opens the platform for the length of the work, and closes it however the work ends. Ctrl-C ends the work at once,
 * unless it stops by itself at a good place; closing may then wait no longer than it takes to be sure.
 */
export const withPlatform = async <Value>(
  context: Context,
  work: (platform: Platform) => Promise<Value>,
  { stopsItself = false }: { readonly stopsItself?: boolean } = {},
): Promise<Value> => {
  const { openPlatform } = await context.loadDoor()
  const signal = context.terminal.interruption()
  const platform = await openPlatform({ as: 'tool' })
  try {
    const working = work(platform)
    return await (stopsItself ? working : Promise.race([working, interrupted(signal)]))
  } finally {
    const closing = platform.close()
    await (signal.aborted ? orLater(closing) : closing)
  }
}
