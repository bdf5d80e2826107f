/** Something on its way about an object; null where it is about none. */
export type AboutObject = { readonly id: string; readonly objectId: string | null }

/**
 * The deliveries of one endpoint that wait for their turn. Of one object only one is under way, so what happened to it
 * arrives in the order in which it happened, for as long as each attempt succeeds. One that fails comes back later and
 * holds nobody up.
 */
export class InOrder<Row extends AboutObject> {
  readonly #free: Row[] = []
  readonly #behind = new Map<string, Row[]>()
  readonly #ids = new Set<string>()

  /** In the order in which they are to go. One that is known already is left out. */
  add(rows: readonly Row[]): void {
    for (const row of rows) {
      if (this.#ids.has(row.id)) continue
      this.#ids.add(row.id)
      if (row.objectId === null) this.#free.push(row)
      else {
        const others = this.#behind.get(row.objectId)
        if (others === undefined) {
          this.#behind.set(row.objectId, [])
          this.#free.push(row)
        } else others.push(row)
      }
    }
  }

  /** The next that may go; undefined when there is none, or each waits for another one about its object. */
  take(): Row | undefined {
    return this.#free.shift()
  }

  /** The attempt has ended, well or not: the next one about its object may go. */
  ended({ objectId }: Row): void {
    if (objectId === null) return
    const next = this.#behind.get(objectId)?.shift()
    if (next === undefined) this.#behind.delete(objectId)
    else this.#free.push(next)
  }

  /** Its result is written down, so it is not read as waiting again. */
  forget(id: string): void {
    this.#ids.delete(id)
  }

  /** Those that have not gone are no longer wanted. */
  clear(): readonly Row[] {
    const rows = [...this.#free, ...[...this.#behind.values()].flat()]
    for (const others of this.#behind.values()) others.length = 0
    // Nothing about these objects is under way, so nothing that ends will let the next one go.
    for (const { objectId } of this.#free) if (objectId !== null) this.#behind.delete(objectId)
    this.#free.length = 0
    for (const { id } of rows) this.#ids.delete(id)
    return rows
  }

  /** All that must not be read again: waiting, under way, or with a result that is not written down yet. */
  get known(): readonly string[] {
    return [...this.#ids]
  }

  get waiting(): number {
    let count = this.#free.length
    for (const others of this.#behind.values()) count += others.length
    return count
  }

  get ready(): boolean {
    return this.#free.length > 0
  }
}
