import { open } from 'node:fs/promises'
import { OFFLINE_READ_BYTES } from '../limits.ts'

/** A line of a file: its number, counted as an editor does, and its cells. */
export type Line = { readonly number: number; readonly cells: readonly string[] }

/** Something that RFC 4180 does not allow. */
export class NoCsv extends Error {
  override readonly name = 'NoCsv'
  readonly line: number

  constructor(line: number, what: string) {
    super(what)
    this.line = line
  }
}

const LINE_END = '\r\n'

/** Cuts text into lines of cells; what is left of a piece waits for the next one. */
export class CsvReader {
  #rest = ''
  #number = 1

  /** The whole lines in what came so far: each ends where an even number of quotes stands before its end. */
  take(piece: string): Line[] {
    const text = this.#rest + piece
    const lines: Line[] = []
    let from = 0
    let quote = text.indexOf('"')
    for (;;) {
      let end = text.indexOf(LINE_END, from)
      let quotes = 0
      while (end !== -1) {
        for (; quote !== -1 && quote < end; quote = text.indexOf('"', quote + 1)) quotes += 1
        if (quotes % 2 === 0) break
        end = text.indexOf(LINE_END, end + LINE_END.length)
      }
      if (end === -1) break
      lines.push(this.#cut(text.slice(from, end)))
      from = end + LINE_END.length
    }
    this.#rest = text.slice(from)
    return lines
  }

  end(): void {
    if (this.#rest !== '') throw new NoCsv(this.#number, 'the last line does not end: the file is cut off')
  }

  #cut(line: string): Line {
    const number = this.#number
    this.#number += 1 + (line.includes('\n') ? line.split('\n').length - 1 : 0)
    if (!line.includes('"')) return { number, cells: line.split(',') }
    const cells: string[] = []
    let at = 0
    for (;;) {
      const { cell, end } = line[at] === '"' ? quotedCell(line, at, number) : plainCell(line, at, number)
      cells.push(cell)
      if (end >= line.length) return { number, cells }
      if (line[end] !== ',')
        throw new NoCsv(number, 'after a closing quote stands something else than a comma')
      at = end + 1
    }
  }
}

const plainCell = (line: string, from: number, number: number): { cell: string; end: number } => {
  const comma = line.indexOf(',', from)
  const end = comma === -1 ? line.length : comma
  const cell = line.slice(from, end)
  if (cell.includes('"')) throw new NoCsv(number, 'a quote stands within a cell that does not begin with one')
  return { cell, end }
}

const quotedCell = (line: string, from: number, number: number): { cell: string; end: number } => {
  let at = from + 1
  for (;;) {
    const quote = line.indexOf('"', at)
    if (quote === -1) throw new NoCsv(number, 'a quote is not closed')
    if (line[quote + 1] !== '"')
      return { cell: line.slice(from + 1, quote).replaceAll('""', '"'), end: quote + 1 }
    at = quote + 2
  }
}

export type Piece = { readonly bytes: Buffer; readonly lines: readonly Line[] }

/** A file in pieces: its bytes, to be hashed, and the lines that end in them. Memory stays bounded. */
export async function* piecesOf(path: string): AsyncGenerator<Piece> {
  const handle = await open(path, 'r')
  const reader = new CsvReader()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(OFFLINE_READ_BYTES) })
      if (bytesRead === 0) break
      const bytes = buffer.subarray(0, bytesRead)
      yield { bytes, lines: reader.take(decoder.decode(bytes, { stream: true })) }
    }
    reader.end()
  } finally {
    await handle.close()
  }
}
