import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SetupProblem } from '../../kit/index.ts'
import type { BackupFile, BackupManifest } from '../core/model.ts'
import { isAbsent } from '../disk.ts'
import { baseFolder } from '../folder.ts'
import { CHUNK_BYTES, FILES_AT_ONCE } from '../limits.ts'

export type Copying = {
  readonly folder: string
  readonly manifest: BackupManifest
  /** The data folder that is being made. */
  readonly data: string
  readonly signal: AbortSignal
  readonly onBytes: (done: number) => void
}

const damaged = (id: string, why: string, cause?: unknown): SetupProblem =>
  new SetupProblem(
    `The backup ${id} is damaged: ${why}`,
    'Restore from another one: npx evenkeel backup --list FOLDER shows them, and --backup ID names one. Nothing was restored.',
    { cause },
  )

/** Reading and writing are told apart, so that a full disk here is not taken for a damaged backup. */
const copyFile = async (
  copying: Copying,
  file: BackupFile,
  onBytes: (bytes: number) => void,
): Promise<void> => {
  const { folder, manifest, data, signal } = copying
  const source = join(baseFolder(folder), manifest.id, 'data', file.path)
  const target = join(data, file.path)
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const digest = createHash('sha256')
  let bytes = 0
  const reading = createReadStream(source, { highWaterMark: CHUNK_BYTES })
  let unread: Error | null = null
  reading.once('error', (error) => {
    unread = error
  })
  const looking = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk)
      bytes += chunk.length
      onBytes(chunk.length)
      done(null, chunk)
    },
  })
  try {
    await pipeline(reading, looking, createWriteStream(target, { flags: 'wx', mode: 0o600 }), { signal })
  } catch (error) {
    if (unread === null || signal.aborted) throw error
    const why = isAbsent(unread)
      ? `${file.path} is missing`
      : `${file.path} cannot be read: ${String(unread)}`
    throw damaged(manifest.id, why, error)
  }
  if (bytes !== file.bytes)
    throw damaged(manifest.id, `${file.path} has ${bytes} bytes and should have ${file.bytes}`)
  if (digest.digest('hex') !== file.sha256)
    throw damaged(manifest.id, `${file.path} does not agree with its checksum`)
}

/**
 * Lays the files of a base into a data folder, and reads each of them against its checksum. They are not synced here:
 * PostgreSQL syncs all it finds before it replays the log over a copy.
 */
export const copyBase = async (copying: Copying): Promise<void> => {
  const { manifest, data, signal, onBytes } = copying
  let done = 0
  const count = (bytes: number): void => {
    done += bytes
    onBytes(done)
  }
  for (const name of manifest.folders) await mkdir(join(data, name), { recursive: true, mode: 0o700 })
  const waiting = [...manifest.files]
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  const work = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      either.throwIfAborted()
      await copyFile({ ...copying, signal: either }, file, count)
    }
  }
  const outcomes = await Promise.allSettled(
    Array.from({ length: FILES_AT_ONCE }, async () => {
      try {
        await work()
      } catch (error) {
        // The first problem is the one that is told; the others end because of it.
        failed.abort(error)
        throw error
      }
    }),
  )
  signal.throwIfAborted()
  if (outcomes.some(({ status }) => status === 'rejected')) throw failed.signal.reason
}
