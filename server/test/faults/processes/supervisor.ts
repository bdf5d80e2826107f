import type { Place, Target } from '../load/send.ts'
import { type Exit, type Server, startServer } from './server.ts'

/** A server that is ended and started again while its clients wait for it. */
export type Supervisor = Target & {
  readonly start: () => Promise<Server>
  /** Ends it; the clients wait until the next start. */
  readonly end: (signal: NodeJS.Signals) => Promise<Exit>
  readonly server: () => Server
  readonly place: () => Place
  /** Tells whoever waits that it will not come back. */
  readonly retire: () => void
  /** Ends that nobody asked for. */
  readonly unasked: readonly string[]
}

type Wanted = Parameters<typeof startServer>[0] & { readonly apiKey?: string }

const STOP_MOST_MS = 15_000

const endWithin = async (server: Server, signal: NodeJS.Signals): Promise<Exit> => {
  const timer = setTimeout(() => void server.end('SIGKILL'), STOP_MOST_MS)
  try {
    return await server.end(signal)
  } finally {
    clearTimeout(timer)
  }
}

export const supervise = (wanted: Wanted): Supervisor => {
  let apiKey = wanted.apiKey ?? null
  let server: Server | null = null
  let listening: Place | null = null
  let isRetired = false
  const waiting: ((place: Place | null) => void)[] = []
  const asked = new Set<Server>()
  const unasked: string[] = []

  const current = (): Server => {
    if (server === null) throw new Error('the server was never started')
    return server
  }
  const place = (): Place => ({ address: current().address, apiKey: apiKey ?? '' })
  const tell = (): void => {
    for (const resolve of waiting.splice(0)) resolve(listening)
  }
  const watch = async (started: Server): Promise<void> => {
    const { code, signal } = await started.exited
    if (asked.has(started)) return
    listening = null
    unasked.push(`the server ended by itself (${code ?? signal}): ${started.output()}`)
  }
  return {
    start: async () => {
      server = await startServer(wanted)
      apiKey ??= server.apiKey
      listening = place()
      void watch(server)
      tell()
      return server
    },
    end: async (signal) => {
      listening = null
      if (server === null) return { code: null, signal: null }
      asked.add(server)
      return endWithin(server, signal)
    },
    server: current,
    place,
    up: () =>
      listening !== null || isRetired
        ? Promise.resolve(listening)
        : new Promise((resolve) => {
            waiting.push(resolve)
          }),
    retire: () => {
      listening = null
      isRetired = true
      tell()
    },
    unasked,
  }
}
