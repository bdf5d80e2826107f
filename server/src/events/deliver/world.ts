import type { Commit, Connections } from '../../database/index.ts'
import { Fault, type TenantId, type Uuid, type WallClock } from '../../kit/index.ts'
import type { Vault } from '../../vault/index.ts'
import { type Endpoint, liveSecrets } from '../core/endpoint.ts'
import { IN_FLIGHT_FIRST, LINES_MOST, UNREADABLE_FOR_MS } from '../limits.ts'
import { openSecret } from '../secrets.ts'
import type { Reachable } from './addresses.ts'
import { createPoster, type Poster } from './post.ts'

export type DeliverLog = { readonly warn: (fields: object, message: string) => void }

/** What the delivering of this process stands on. */
export type WorldOptions = {
  readonly connections: Connections
  readonly commit: Commit
  readonly vault: Vault
  readonly clock: WallClock
  readonly reachable: Reachable
  readonly log: DeliverLog
  /** From 0 to 1, for the jitter of retries. */
  readonly chance: () => number
}

/** Null where one does not open: it is tried again after a while, when somebody may have given the key. */
type Opened = { readonly sealed: string; readonly secrets: readonly string[] | null; readonly atMs: number }

/** What is kept of an endpoint between deliveries: its connections, how much it bears, its secrets. */
export type Line = {
  readonly poster: Poster
  /** How many requests it may have at once. */
  most: number
  opened: Opened | null
}

export class World {
  readonly options: WorldOptions
  readonly #lines = new Map<string, Line>()
  /** Requests of the whole process that are under way. */
  inFlight = 0
  isCut = false

  constructor(options: WorldOptions) {
    this.options = options
  }

  lineOf(endpoint: Endpoint): Line {
    const known = this.#lines.get(endpoint.id)
    if (known !== undefined) {
      this.#lines.delete(endpoint.id)
      this.#lines.set(endpoint.id, known)
      return known
    }
    const { reachable, clock } = this.options
    const poster = createPoster({ reachable, clock, livemode: endpoint.livemode })
    const line: Line = { poster, most: IN_FLIGHT_FIRST, opened: null }
    this.#lines.set(endpoint.id, line)
    for (const [id, oldest] of this.#lines) {
      if (this.#lines.size <= LINES_MOST) break
      this.#lines.delete(id)
      oldest.poster.close()
    }
    return line
  }

  /**
   * The secrets that sign now, opened once and kept as long as they stay the same. Null where one does not open: nothing is
   * sent there that could not be trusted, and the other endpoints go on.
   */
  async secretsOf(tenant: TenantId, endpoint: Endpoint): Promise<readonly string[] | null> {
    const nowMs = this.options.clock.now()
    const live = liveSecrets(endpoint, nowMs)
    const line = this.lineOf(endpoint)
    const sealed = live.map((secret) => secret.sealed).join(' ')
    const { opened } = line
    const isFresh = opened !== null && (opened.secrets !== null || nowMs - opened.atMs < UNREADABLE_FOR_MS)
    if (isFresh && opened.sealed === sealed) return opened.secrets
    const secrets = await this.#open(
      tenant,
      endpoint,
      live.map((secret) => secret.sealed),
    )
    line.opened = { sealed, secrets, atMs: nowMs }
    return secrets
  }

  async #open(
    tenant: TenantId,
    endpoint: Endpoint,
    sealed: readonly string[],
  ): Promise<readonly string[] | null> {
    const { vault, log } = this.options
    try {
      return await Promise.all(sealed.map((one) => openSecret(vault, tenant, endpoint.id as Uuid, one)))
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'secret_unreadable') throw error
      const fields = { tenant, endpoint: endpoint.id, error: error.message }
      log.warn(
        fields,
        'the secret of a webhook endpoint does not open: nothing is sent there until it is rolled',
      )
      return null
    }
  }

  /** Ends what is under way, without an outcome: whoever works on it next sends it again. */
  cut(): void {
    this.isCut = true
    for (const { poster } of this.#lines.values()) poster.close()
    this.#lines.clear()
  }
}
