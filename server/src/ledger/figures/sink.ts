import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { SINK_BYTES } from '../limits.ts'
import type { ExportFile } from './manifest.ts'

/** A file that is written as it comes, and hashed as it is written. */
export class Sink {
  readonly #name: string
  readonly #handle: FileHandle
  readonly #hash = createHash('sha256')
  #waiting: string[] = []
  #length = 0
  #bytes = 0
  rows = 0

  private constructor(name: string, handle: FileHandle) {
    this.#name = name
    this.#handle = handle
  }

  static async open(folder: string, name: string): Promise<Sink> {
    return new Sink(name, await open(join(folder, name), 'wx'))
  }

  async write(text: string, rows: number): Promise<void> {
    this.#waiting.push(text)
    this.#length += text.length
    this.rows += rows
    if (this.#length >= SINK_BYTES) await this.#flush()
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(''))
    this.#waiting = []
    this.#length = 0
    this.#bytes += bytes.length
    this.#hash.update(bytes)
    await this.#handle.writeFile(bytes)
  }

  /** On disk, for good. */
  async end(): Promise<ExportFile> {
    await this.#flush()
    await this.#handle.sync()
    await this.#handle.close()
    return { name: this.#name, sha256: this.#hash.digest('hex'), bytes: this.#bytes, rows: this.rows }
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
  }
}
