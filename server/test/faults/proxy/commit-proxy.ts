import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { boundStatement, completedCommand, createFramer, type Frame, isSync } from './frames.ts'

/**
 * before send    COMMIT never reaches PostgreSQL
 * after send     it does, and what it answers is nobody's business any more
 * after reply    PostgreSQL has committed and said so, and the server never hears it
 */
export const POSITIONS = ['before send', 'after send', 'after reply'] as const
export type Position = (typeof POSITIONS)[number]

/**
 * reset        both sides see their connection break
 * black hole   both sides see nothing at all, for ever
 */
export const KINDS = ['reset', 'black hole'] as const
export type Kind = (typeof KINDS)[number]

export type CommitProxy = {
  readonly port: number
  /** The next COMMIT of a batch is cut there; resolves when it is done. */
  readonly cut: (position: Position, kind: Kind) => Promise<void>
  /** Batches whose COMMIT was answered, through the proxy, to the server. */
  readonly commits: () => number
  /** Ends what lies in black holes. Nobody has heard of it since, but PostgreSQL keeps a session for it. */
  readonly bury: () => void
  readonly close: () => Promise<void>
}

type Armed = { readonly position: Position; readonly kind: Kind; readonly done: () => void }

type Watcher = { readonly takeCut: (position: Position) => Armed | null; readonly onCommit: () => void }

/** One connection of the server, and ours to PostgreSQL for it. */
class Pair {
  readonly #client: Socket
  readonly #upstream: Socket
  /** A batch writes its head row before it commits; other transactions are left alone. */
  #state: 'outside' | 'batch' | 'committing' = 'outside'
  /** The next transaction may be on its way before this one's COMMIT is answered. */
  #unanswered = 0
  #isCut = false
  readonly #watcher: Watcher

  constructor(client: Socket, upstream: Socket, watcher: Watcher) {
    this.#client = client
    this.#upstream = upstream
    this.#watcher = watcher
    const requests = createFramer({ startup: true })
    const answers = createFramer({ startup: false })
    client.on('data', (chunk: Buffer) => this.#pass(requests(chunk), (frame) => this.#request(frame)))
    upstream.on('data', (chunk: Buffer) => this.#pass(answers(chunk), (frame) => this.#answer(frame)))
    client.on('error', () => undefined)
    upstream.on('error', () => undefined)
    // Through a black hole no end is seen either.
    client.on('close', () => this.#isCut || upstream.destroy())
    upstream.on('close', () => this.#isCut || client.destroy())
  }

  #pass(frames: readonly Frame[], pass: (frame: Frame) => void): void {
    for (const frame of frames) {
      if (!this.#isCut) pass(frame)
    }
  }

  #request(frame: Frame): void {
    const statement = boundStatement(frame)
    if (statement === 'begin') this.#state = 'outside'
    if (statement === 'head_write') this.#state = 'batch'
    if (statement === 'commit' && this.#state === 'batch') {
      this.#state = 'committing'
      if (this.#cut('before send')) return
    }
    this.#upstream.write(frame.bytes)
    if (this.#state === 'committing' && isSync(frame)) {
      this.#state = 'outside'
      this.#unanswered += 1
      this.#cut('after send')
    }
  }

  #answer(frame: Frame): void {
    if (this.#unanswered > 0 && completedCommand(frame) === 'COMMIT') {
      this.#unanswered -= 1
      if (this.#cut('after reply')) return
      this.#watcher.onCommit()
    }
    this.#client.write(frame.bytes)
  }

  #cut(position: Position): boolean {
    const armed = this.#watcher.takeCut(position)
    if (armed === null) return false
    this.#isCut = true
    if (armed.kind === 'reset') {
      this.#client.resetAndDestroy()
      // What was sent has to leave this process before its connection goes.
      if (position === 'after send') this.#upstream.end()
      else this.#upstream.resetAndDestroy()
    }
    armed.done()
    return true
  }

  /** Ends it where it was cut. */
  bury(): void {
    if (this.#isCut) this.destroy()
  }

  destroy(): void {
    this.#client.destroy()
    this.#upstream.destroy()
  }
}

/** Stands between a server and PostgreSQL, passes everything on, and cuts the connection of a batch at its COMMIT. */
export const openCommitProxy = async (target: { host: string; port: number }): Promise<CommitProxy> => {
  const pairs = new Set<Pair>()
  let armed: Armed | null = null
  let commits = 0
  const onCommit = (): void => {
    commits += 1
  }
  const takeCut = (position: Position): Armed | null => {
    if (armed?.position !== position) return null
    const taken = armed
    armed = null
    return taken
  }
  const server = createServer((client) => {
    const upstream = connect(target)
    client.setNoDelay(true)
    upstream.setNoDelay(true)
    const pair = new Pair(client, upstream, { takeCut, onCommit })
    pairs.add(pair)
    upstream.once('close', () => pairs.delete(pair))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    cut: (position, kind) =>
      new Promise((resolve) => {
        armed = { position, kind, done: resolve }
      }),
    commits: () => commits,
    bury: () => {
      for (const pair of pairs) pair.bury()
    },
    close: async () => {
      server.close()
      for (const pair of pairs) pair.destroy()
      if (server.listening) await once(server, 'close')
    },
  }
}
