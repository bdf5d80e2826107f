import { FINDINGS_SHOWN } from './limits.ts'

/** Something that does not hold, with the ids and amounts that show it. */
export type Finding = {
  /** Null: it concerns the database as a whole. */
  readonly tenant: number | null
  readonly what: string
  readonly details: Readonly<Record<string, string>>
}

export type Check = {
  readonly name: string
  /** What is known when the check is ok: a sentence. */
  readonly proved: string
  /** What it looked at: rows of tables, or entries of the catalogue. */
  readonly rows: number
  readonly ok: boolean
  /** The first of them. */
  readonly findings: readonly Finding[]
  readonly findingsCount: number
  /** Worth knowing, and no fault. */
  readonly notes: readonly string[]
}

type Details = Readonly<Record<string, string | number | bigint | boolean | null>>

/** One check while it is being made. */
export class Sheet {
  readonly name: string
  readonly proved: string
  rows = 0
  #count = 0
  readonly #findings: Finding[] = []
  readonly #notes: string[] = []

  constructor(name: string, proved: string) {
    this.name = name
    this.proved = proved
  }

  get ok(): boolean {
    return this.#count === 0
  }

  get findingsCount(): number {
    return this.#count
  }

  find(tenant: number | null, what: string, details: Details = {}): void {
    this.#count += 1
    if (this.#findings.length >= FINDINGS_SHOWN) return
    const shown = Object.entries(details).map(([name, value]) => [name, String(value)])
    this.#findings.push({ tenant, what, details: Object.fromEntries(shown) })
  }

  /** Further findings that are not shown. */
  count(further: number): void {
    this.#count += further
  }

  note(text: string): void {
    this.#notes.push(text)
  }

  result(): Check {
    return {
      name: this.name,
      proved: this.proved,
      rows: this.rows,
      ok: this.ok,
      findings: this.#findings,
      findingsCount: this.#count,
      notes: this.#notes,
    }
  }
}
