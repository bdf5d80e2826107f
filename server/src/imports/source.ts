import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type CsvProblem, type CsvRecord, createCsvReader } from './core/csv.ts'
import type { Profile } from './core/profile.ts'
import { ImportRefused } from './import-refused.ts'
import { CHUNK_BYTES, RECORD_CHARS } from './limits.ts'

/** What was complete in one piece of the file. */
export type Piece = {
  readonly items: readonly (CsvRecord | CsvProblem)[]
  /** Where in the file the piece ends. */
  readonly bytes: number
}

export type FileFacts = { readonly bytes: number; readonly sha256: string }

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) yield chunk
  } catch (error) {
    throw new ImportRefused(`${path} cannot be read (${reasonOf(error)})`)
  }
}

/** Length and SHA-256 of the file: who it is, before anything is posted from it. */
export const digestFile = async (path: string): Promise<FileFacts> => {
  const found = await stat(path).catch((error: unknown) => {
    throw new ImportRefused(`${path} cannot be read (${reasonOf(error)})`)
  })
  if (!found.isFile()) throw new ImportRefused(`${path} is not a file; give the path of a CSV file`)
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of readChunks(path)) {
    digest.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: digest.digest('hex') }
}

/**
 * Reads the file piece by piece, and at its end makes sure that it still is the file it was.
 * Bytes that do not fit the encoding become U+FFFD, which the caller finds in the fields.
 */
export async function* readPieces(path: string, profile: Profile, facts: FileFacts): AsyncGenerator<Piece> {
  const { delimiter, quote, encoding } = profile
  const reader = createCsvReader({ delimiter, quote, recordChars: RECORD_CHARS })
  const decoder = new TextDecoder(encoding)
  const digest = createHash('sha256')
  let bytes = 0
  for await (const chunk of readChunks(path)) {
    digest.update(chunk)
    bytes += chunk.length
    yield { items: reader.push(decoder.decode(chunk, { stream: true })), bytes }
  }
  yield { items: [...reader.push(decoder.decode()), ...reader.end()], bytes }
  if (digest.digest('hex') !== facts.sha256) {
    throw new ImportRefused(`${path} changed while it was read; run the import again on a file that rests`)
  }
}
