import { MICROS_PER_SECOND, type Micros, showId, type Uuid } from '../../kit/index.ts'
import type { Anchor } from './anchor.ts'
import { AUDIT_PREFIX, type ChainHead, hashOf, NO_HEAD } from './entry.ts'

/** An entry as it is stored. */
export type StoredEntry = {
  readonly position: number
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly action: string
  readonly subject: string
  readonly previousHash: string
  readonly hash: string
  readonly content: string
}

/** The first entry that is not as it was recorded, as far as it can be told. */
export type BadEntry = {
  readonly position: number
  readonly what: string
  /** When another one was signed in its place, in unix seconds. */
  readonly signed?: number
}

export type ChainReport = {
  readonly entries: number
  readonly bad: BadEntry | null
  /** The newest position that was signed and stands as it was signed; 0 for none. */
  readonly anchoredTo: number
  /** Entries after that: nobody outside the database has seen them yet. */
  readonly unanchored: number
  /** Heads that were signed in a time that was lost, and of which nothing stands. */
  readonly lost: number
}

type Fields = Readonly<Record<string, unknown>>

export const fieldsOf = (content: string): Fields | null => {
  try {
    const value: unknown = JSON.parse(content)
    return typeof value === 'object' && value !== null ? (value as Fields) : null
  } catch {
    return null
  }
}

/** Which column says other than what was hashed; null for none. */
const strayOf = (entry: StoredEntry): string | null => {
  const content = fieldsOf(entry.content)
  if (content === null) return 'its content is no JSON'
  const expected: readonly (readonly [string, unknown])[] = [
    ['position', entry.position],
    ['id', showId(AUDIT_PREFIX, entry.id)],
    ['created', Number(entry.createdMicros / MICROS_PER_SECOND)],
    ['created_microsecond', Number(entry.createdMicros % MICROS_PER_SECOND)],
    ['action', entry.action],
    ['subject', entry.subject],
  ]
  const stray = expected.find(([name, value]) => content[name] !== value)
  return stray === undefined ? null : `its column for ${stray[0]} says other than its content`
}

/** Compares a chain, entry by entry in the order of their positions, with itself and with what was signed of it. */
export class ChainCheck {
  readonly #signed: ReadonlyMap<number, readonly Anchor[]>
  readonly #isLost: (anchor: Anchor) => boolean
  readonly #lastSigned: number
  readonly #lostHeads: Set<Anchor>
  #last: ChainHead = NO_HEAD
  #entries = 0
  #anchoredTo = 0
  #bad: BadEntry | null = null

  /** `isLost` says of which heads nothing needs to stand, because the database was restored to a moment before. */
  constructor(anchors: readonly Anchor[], isLost: (anchor: Anchor) => boolean = () => false) {
    this.#signed = Map.groupBy(anchors, ({ position }) => position)
    this.#isLost = isLost
    const binding = anchors.filter((anchor) => !isLost(anchor))
    this.#lastSigned = binding.reduce((last, { position }) => Math.max(last, position), 0)
    this.#lostHeads = new Set(anchors.filter(isLost))
  }

  take(entry: StoredEntry): void {
    this.#entries += 1
    if (this.#bad !== null) return
    const wrong = this.#wrongOf(entry)
    if (wrong === null) {
      this.#last = { position: entry.position, hash: entry.hash }
      for (const anchor of this.#signed.get(entry.position) ?? []) {
        if (anchor.hash !== entry.hash) continue
        this.#anchoredTo = entry.position
        this.#lostHeads.delete(anchor)
      }
    } else this.#bad = { position: Math.min(entry.position, this.#last.position + 1), ...wrong }
  }

  /** After the last entry. */
  end(head: ChainHead): ChainReport {
    const { position } = this.#last
    if (this.#bad === null && position < this.#lastSigned) {
      const what = `it is not there, and entries up to position ${this.#lastSigned} were signed: the end of the chain was cut off`
      this.#bad = { position: position + 1, what }
    }
    if (this.#bad === null && (head.position !== position || head.hash !== this.#last.hash)) {
      const what = `the chain ends with it, and its head says position ${head.position}`
      this.#bad = { position, what }
    }
    return {
      entries: this.#entries,
      bad: this.#bad,
      anchoredTo: this.#anchoredTo,
      unanchored: this.#entries - Math.min(this.#entries, this.#anchoredTo),
      lost: this.#lostHeads.size,
    }
  }

  #wrongOf(entry: StoredEntry): Omit<BadEntry, 'position'> | null {
    const what = this.#brokenBy(entry)
    if (what !== null) return { what }
    const signed = this.#signed.get(entry.position)
    const other = signed?.find((anchor) => anchor.hash !== entry.hash && !this.#isLost(anchor))
    if (other === undefined) return null
    const after = this.#anchoredTo === 0 ? 'from the first on' : `after position ${this.#anchoredTo}`
    return {
      what: `it is not the entry that was signed: the chain was rewritten ${after}`,
      signed: other.time,
    }
  }

  #brokenBy(entry: StoredEntry): string | null {
    const { position, previousHash, hash } = entry
    const expected = this.#last.position + 1
    if (position > expected) return `it is missing: the next that stands is position ${position}`
    if (position < expected) return 'it stands twice'
    if (previousHash !== this.#last.hash) return 'it does not continue the entry before it'
    if (hash !== hashOf(previousHash, entry.content)) return 'its hash is not that of its content'
    return strayOf(entry)
  }
}

/** A chain that is in memory as a whole. */
export const checkChain = (
  entries: readonly StoredEntry[],
  head: ChainHead,
  anchors: readonly Anchor[],
): ChainReport => {
  const check = new ChainCheck(anchors)
  for (const entry of entries) check.take(entry)
  return check.end(head)
}
