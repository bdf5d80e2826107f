import pg from 'pg'
import { type Host, hostsOf } from './hosts.ts'
import { PROBE_GRACE_MS, PROBE_PAUSE_MS, PROBE_TIMEOUT_MS, WATCH_MS } from './limits.ts'
import { PrimaryAway } from './primary-away.ts'
import { askStanding, choosePrimary, isReplacedBy, type Life, type Standing, whyNot } from './standing.ts'

/** An open session, and the life of the database that it writes. */
export type Held = { readonly life: Life | null; readonly drop: (why: Error) => void }

/** The primary is known for the first time, or is another one than before. */
export type Move = { readonly to: string; readonly life: Life; readonly isFirst: boolean }

type Answer = Standing & { readonly at: number }
type Silence = { readonly at: number; readonly why: string; readonly error: Error | null }

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/** A refusal in PostgreSQL's own words, such as a wrong password: it says more than that no primary was found. */
const isTelling = (error: Error | null): error is Error =>
  error !== null && 'severity' in error && 'code' in error && !String(error.code).startsWith('57P')

const probe = async ({ url }: Host): Promise<Standing> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'evenkeel setup',
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await askStanding(client)
  } finally {
    // Nobody waits for the farewell of a machine that may have halted.
    void client.end().catch(() => undefined)
  }
}

/**
 * What this process knows of where the primary of one cluster is. All its sessions share it, whatever they log in as:
 * when one of them sees a later life of the database, those of the earlier one are ended.
 */
export class Primary {
  /** The names of the machines, as the URL has them. */
  readonly machines: string
  readonly moves = new Set<(move: Move) => void>()
  readonly #held = new Set<Held>()
  #newest: Life | null = null
  /** How a life came to be known before any session was opened, for whoever is refused because of it. */
  #noted: string | null = null
  /** Which of the machines is believed to be the primary. */
  #at: number | null = null
  #finding: Promise<number> | null = null
  #failed: { readonly error: Error; readonly untilMs: number } | null = null
  #watch: NodeJS.Timeout | null = null

  constructor(machines: string) {
    this.machines = machines
  }

  /** What an earlier process has seen, so that a restart does not bring back a primary that was replaced before it. */
  expect(life: Life, noted: string): void {
    this.#newest = life
    this.#noted = noted
  }

  /** The machine to open a session to. Of one machine nothing has to be found out. */
  async find(hosts: readonly Host[]): Promise<number> {
    if (hosts.length === 1) return 0
    // Without an open session nothing would have told that the primary has changed since.
    if (this.#at !== null && this.#held.size > 0) return this.#at
    if (this.#failed !== null && performance.now() < this.#failed.untilMs) throw this.#failed.error
    this.#finding ??= this.#ask(hosts).finally(() => {
      this.#finding = null
    })
    return this.#finding
  }

  /** A session was opened and says what it came out at: throws where that must not be worked with. */
  accept(hosts: readonly Host[], at: number, standing: Standing): void {
    const why = whyNot(standing, { newest: this.#newest, isOneOfSeveral: hosts.length > 1 })
    const name = hosts[at]?.name ?? ''
    if (why !== null) throw new PrimaryAway([`${name} ${why}`], this.#noted)
    this.#see(name, standing.life)
  }

  /** Keeps a session in mind until it has ended. */
  hold(hosts: readonly Host[], held: Held): () => void {
    this.#held.add(held)
    if (hosts.length > 1) this.#watch ??= setInterval(() => void this.#look(hosts), WATCH_MS).unref()
    return () => {
      this.#held.delete(held)
      if (this.#held.size > 0 || this.#watch === null) return
      clearInterval(this.#watch)
      this.#watch = null
    }
  }

  /** A session failed, or could not be opened: who is the primary is found out anew. */
  doubt(at: number): void {
    if (this.#at === at) this.#at = null
  }

  async #ask(hosts: readonly Host[]): Promise<number> {
    const { best, whys } = await this.#probeAll(hosts)
    if (best !== null) {
      this.#failed = null
      this.#see(hosts[best.at]?.name ?? '', best.life)
      this.#at = best.at
      return best.at
    }
    // A password that is refused is the matter of this login, not of the machines.
    const refused = whys.map((one) => one.error).find(isTelling)
    if (refused !== undefined) throw refused
    const error = new PrimaryAway(
      whys.map(({ why }) => why),
      this.#noted,
    )
    this.#failed = { error, untilMs: performance.now() + PROBE_PAUSE_MS }
    throw error
  }

  /** Asks all at once. When one is a primary the others have a moment left, because a later one may be among them. */
  async #probeAll(
    hosts: readonly Host[],
  ): Promise<{ readonly best: Answer | null; readonly whys: readonly Silence[] }> {
    const answers: Answer[] = []
    const whys: Silence[] = []
    const known = { newest: this.#newest, isOneOfSeveral: true }
    await new Promise<void>((resolve) => {
      let grace: NodeJS.Timeout | null = null
      const enough = (): void => {
        if (answers.length + whys.length === hosts.length) {
          if (grace !== null) clearTimeout(grace)
          resolve()
        } else if (answers.length > 0) grace ??= setTimeout(resolve, PROBE_GRACE_MS)
      }
      for (const [at, host] of hosts.entries()) {
        probe(host)
          .then((standing) => {
            const why = whyNot(standing, known)
            if (why === null) answers.push({ ...standing, at })
            else whys.push({ at, why: `${host.name} ${why}`, error: null })
          })
          .catch((thrown: unknown) => {
            const error = asError(thrown)
            whys.push({ at, why: `${host.name} does not answer (${error.message})`, error })
          })
          .finally(enough)
      }
    })
    return { best: choosePrimary(answers), whys: whys.toSorted((one, other) => one.at - other.at) }
  }

  /** While sessions are open and nothing fails, a primary may have been replaced that nobody has stopped. */
  async #look(hosts: readonly Host[]): Promise<void> {
    const { best } = await this.#probeAll(hosts)
    if (best === null || !isReplacedBy(this.#newest, best.life)) return
    this.#at = best.at
    this.#see(hosts[best.at]?.name ?? '', best.life)
  }

  #see(name: string, life: Life | null): void {
    const before = this.#newest
    if (life === null || (before?.system === life.system && before.timeline >= life.timeline)) return
    this.#newest = life
    for (const held of [...this.#held]) {
      if (isReplacedBy(held.life, life)) held.drop(new PrimaryAway([`${name} has replaced it`], null))
    }
    for (const tell of this.moves) tell({ to: name, life, isFirst: before === null })
  }
}

/** One for each cluster that this process speaks with; a cluster is known by the machines of its URL. */
const known = new Map<string, Primary>()

export const primaryOf = (url: string): Primary => {
  const machines = hostsOf(url)
    .map((host) => host.name)
    .join(',')
  const found = known.get(machines) ?? new Primary(machines)
  known.set(machines, found)
  return found
}
