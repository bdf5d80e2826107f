import { connect, type Socket } from 'node:net'

/*
 * A load generator that costs little, because it shares the machine with what it measures: plain sockets that are
 * kept, requests that are written before the clock runs, and of an answer only its status and its length are read.
 */

export type Load = { readonly ms: number; readonly latenciesMs: readonly number[] }

/** Which request was answered, and how the body of its answer begins. */
export type OnAnswer = (request: number, status: number, beginning: Buffer) => void

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i
const STATUS_AT = 9

type Head = { readonly status: number; readonly bytes: number; readonly bodyAt: number }

/** Status and whole length of an answer from its first bytes; null while its head is not complete. */
export const readHead = (bytes: Buffer): Head | null => {
  const end = bytes.indexOf(HEAD_END)
  if (end === -1) return null
  const head = bytes.toString('latin1', 0, end + 2)
  const length = LENGTH.exec(head)?.[1]
  if (length === undefined) throw new Error(`an answer has no content-length:\n${head}`)
  const bodyAt = end + HEAD_END.length
  return { status: Number(head.slice(STATUS_AT, STATUS_AT + 3)), bytes: bodyAt + Number(length), bodyAt }
}

type Connection = {
  /** Sends one request and waits for the whole of its answer. */
  readonly ask: (request: string, done: (status: number, beginning: Buffer) => void) => void
  readonly close: () => void
}

const NOTHING = Buffer.alloc(0)

const wrap = (socket: Socket, onBroken: (error: Error) => void): Connection => {
  let done: ((status: number, beginning: Buffer) => void) | null = null
  let begun: Buffer = NOTHING
  let head: Head | null = null
  let missing = 0
  let isClosed = false
  socket.on('data', (chunk) => {
    if (head === null) {
      begun = begun.length === 0 ? chunk : Buffer.concat([begun, chunk])
      head = readHead(begun)
      if (head === null) return
      missing = head.bytes - begun.length
    } else {
      missing -= chunk.length
    }
    if (missing > 0) return
    const [answered, { status, bodyAt }, beginning] = [done, head, begun]
    done = null
    head = null
    begun = NOTHING
    answered?.(status, beginning.subarray(bodyAt))
  })
  socket.on('error', onBroken)
  socket.on('close', () => {
    if (!isClosed) onBroken(new Error('the server closed a connection while it was measured'))
  })
  return {
    ask: (request, whenDone) => {
      done = whenDone
      socket.write(request, 'latin1')
    },
    close: () => {
      isClosed = true
      socket.destroy()
    },
  }
}

const open = (port: number, onBroken: (error: Error) => void): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(wrap(socket, onBroken))
    })
  })

export type Connections = {
  /** Sends the requests, one at a time on each connection, until they or the time are used up. */
  readonly send: (requests: readonly string[], roundMs: number, onAnswer: OnAnswer) => Promise<Load>
  readonly close: () => void
}

/** Opens as many connections as clients are to be. */
export const openConnections = async (port: number, count: number): Promise<Connections> => {
  const broken = Promise.withResolvers<never>()
  // Whoever waits for answers learns of it; while nobody does, it is no news.
  broken.promise.catch(() => undefined)
  const connections = await Promise.all(Array.from({ length: count }, () => open(port, broken.reject)))

  const send: Connections['send'] = (requests, roundMs, onAnswer) => {
    const latenciesMs: number[] = []
    const fromMs = performance.now()
    let next = 0
    let busy = 0
    const finished = Promise.withResolvers<Load>()
    const step = (connection: Connection): void => {
      const sentMs = performance.now()
      const at = next
      const request = requests[at]
      if (request === undefined || sentMs - fromMs >= roundMs) {
        if (busy === 0) finished.resolve({ ms: sentMs - fromMs, latenciesMs })
        return
      }
      next += 1
      busy += 1
      connection.ask(request, (status, beginning) => {
        latenciesMs.push(performance.now() - sentMs)
        try {
          onAnswer(at, status, beginning)
        } catch (error) {
          broken.reject(error)
        }
        busy -= 1
        step(connection)
      })
    }
    for (const connection of connections) step(connection)
    return Promise.race([finished.promise, broken.promise])
  }

  return {
    send,
    close: () => {
      for (const connection of connections) connection.close()
    },
  }
}
