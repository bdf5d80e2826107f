import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { SetupProblem } from '../kit/index.ts'
import { type CopiedFile, copyFile } from './copy-file.ts'
import { CONTROL_FILE, emptyFolders, isCopied, isWalked } from './core/data-files.ts'
import type { BackupFile } from './core/model.ts'
import { isAbsent, syncFolder, writeWhole } from './disk.ts'
import { CONTROL_READS, FILES_AT_ONCE } from './limits.ts'

/** What there is to copy. */
export type DataTree = {
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  readonly folders: readonly string[]
  readonly bytes: number
}

const refuseLinks = (path: string): SetupProblem =>
  new SetupProblem(
    `The data folder holds a link, ${path}: a tablespace, or a part that was moved elsewhere`,
    'Evenkeel backs up databases that lie in one folder. Use pg_basebackup for this one.',
  )

/** Walks the data folder while PostgreSQL works in it: what vanishes meanwhile is gone for the log as well. */
export const walkData = async (data: string): Promise<DataTree> => {
  const files: { path: string; bytes: number }[] = []
  const folders: string[] = [...emptyFolders()]
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(data, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (isAbsent(error) && folder !== '') return []
      throw error
    })
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isSymbolicLink()) throw refuseLinks(path)
      if (entry.isDirectory()) {
        if (isWalked(path)) {
          folders.push(path)
          await walk(path)
        }
      } else if (entry.isFile() && isCopied(path) && path !== CONTROL_FILE) {
        const found = await stat(join(data, path)).catch((error: unknown) => {
          if (isAbsent(error)) return null
          throw error
        })
        if (found !== null) files.push({ path, bytes: found.size })
      }
    }
  }
  await walk('')
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return { files, folders: [...new Set(folders)].toSorted(), bytes }
}

export type CopyData = {
  readonly data: string
  /** New, and empty. */
  readonly to: string
  readonly startLsn: bigint
  readonly onBytes: (done: number, total: number) => void
  readonly signal: AbortSignal
}

export type CopiedData = {
  readonly files: readonly BackupFile[]
  readonly folders: readonly string[]
  readonly pagesChecked: number
  readonly newest: { readonly lsn: bigint; readonly path: string }
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** A small file of the copy, made whole. */
export const writeSmall = async (to: string, path: string, content: Buffer): Promise<BackupFile> => {
  await writeWhole(join(to, path), content)
  return { path, bytes: content.length, sha256: sha256(content) }
}

/** PostgreSQL may be writing it: it is believed when two readings agree. */
const copyControl = async (data: string, to: string): Promise<BackupFile> => {
  let before = await readFile(join(data, CONTROL_FILE))
  for (let reads = 1; reads < CONTROL_READS; reads += 1) {
    const now = await readFile(join(data, CONTROL_FILE))
    if (now.equals(before)) return writeSmall(to, CONTROL_FILE, now)
    before = now
  }
  throw new SetupProblem('The file global/pg_control changes all the time', 'Run the backup again.')
}

type Copying = { readonly wanted: CopyData; readonly tree: DataTree; done: number }

const copyOne = async (copying: Copying, path: string): Promise<CopiedFile | null> => {
  const { data, to, startLsn, onBytes, signal } = copying.wanted
  signal.throwIfAborted()
  try {
    return await copyFile({
      from: join(data, path),
      to: join(to, path),
      path,
      startLsn,
      onBytes: (bytes) => {
        copying.done += bytes
        onBytes(Math.min(copying.done, copying.tree.bytes), copying.tree.bytes)
      },
    })
  } catch (error) {
    // Its table was dropped: the log says so, too. The folder of the copy is another matter.
    if (isAbsent(error) && (await isGone(join(data, path)))) {
      await rm(join(to, path), { force: true })
      return null
    }
    throw error
  }
}

const isGone = (file: string): Promise<boolean> =>
  stat(file).then(
    () => false,
    (error: unknown) => isAbsent(error),
  )

/** Copies the data folder, a few files at once, and pg_control last. */
export const copyData = async (wanted: CopyData): Promise<CopiedData> => {
  const { data, to } = wanted
  const tree = await walkData(data)
  for (const folder of tree.folders) await mkdir(join(to, folder), { recursive: true, mode: 0o700 })
  const copying: Copying = { wanted, tree, done: 0 }
  const copied: CopiedFile[] = []
  const waiting = tree.files.map(({ path }) => path).toReversed()
  const work = async (): Promise<void> => {
    try {
      for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
        const file = await copyOne(copying, path)
        if (file !== null) copied.push(file)
      }
    } finally {
      // Of one that failed the others need not do its work.
      waiting.length = 0
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: FILES_AT_ONCE }, work))
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason
  const control = await copyControl(data, to)
  for (const folder of [...tree.folders, '']) await syncFolder(join(to, folder))
  const newest = copied.reduce(
    (most, file) => (file.newestLsn > most.lsn ? { lsn: file.newestLsn, path: file.path } : most),
    {
      lsn: 0n,
      path: '',
    },
  )
  return {
    files: [
      ...copied.map(({ path, bytes, sha256: digest }) => ({ path, bytes, sha256: digest })),
      control,
    ].toSorted((one, other) => (one.path < other.path ? -1 : 1)),
    folders: tree.folders,
    pagesChecked: copied.reduce((sum, file) => sum + file.pagesChecked, 0),
    newest,
  }
}

/** Of a file as it lies there. */
export const digestOf = async (file: string): Promise<string> => {
  const digest = createHash('sha256')
  await pipeline(createReadStream(file), digest)
  return digest.digest('hex')
}
