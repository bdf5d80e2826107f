import pg from 'pg'
import { type Host, hostsOf } from './hosts.ts'
import { type Primary, primaryOf } from './primary.ts'
import { askStanding, type Life } from './standing.ts'

type Callback = (error: Error | null, session: Session) => void

/** What pg has and does not say in its types. */
type Inner = { readonly connection: { readonly stream: { destroy(error: Error): void } } }

/**
 * A connection to the primary, whichever of the machines of its URL that is at present. One that comes out at a standby,
 * or at a primary that was replaced, is closed again: an answer from there may be of the past.
 */
export class Session extends pg.Client {
  readonly #hosts: readonly Host[]
  readonly #primary: Primary

  constructor(config: pg.ClientConfig = {}) {
    const { connectionString = '' } = config
    const hosts = hostsOf(connectionString)
    super({ ...config, connectionString: hosts[0]?.url ?? connectionString })
    this.#hosts = hosts
    this.#primary = primaryOf(connectionString)
    // Between its opening and the answer where it came out nobody else listens, and an error unheard ends the process.
    this.on('error', () => undefined)
  }

  override connect(): Promise<pg.Client>
  override connect(callback: Callback): void
  override connect(callback?: Callback): Promise<pg.Client> | undefined {
    const opened = this.#open()
    if (callback === undefined) return opened
    opened.then(
      () => callback(null, this),
      (error: Error) => callback(error, this),
    )
    return undefined
  }

  async #open(): Promise<pg.Client> {
    const at = await this.#primary.find(this.#hosts)
    const machine = this.#hosts[at]
    try {
      if (machine !== undefined && at > 0) Object.assign(this, { host: machine.host, port: machine.port })
      await super.connect()
      const standing = await askStanding(this)
      this.#primary.accept(this.#hosts, at, standing)
      this.#hold(at, standing.life)
      return this
    } catch (error) {
      this.#primary.doubt(at)
      void this.end().catch(() => undefined)
      throw error
    }
  }

  #hold(at: number, life: Life | null): void {
    const inner = this as unknown as Inner
    const drop = (why: Error): void => inner.connection.stream.destroy(why)
    const letGo = this.#primary.hold(this.#hosts, { life, drop })
    this.on('error', () => this.#primary.doubt(at))
    this.once('end', letGo)
  }
}
