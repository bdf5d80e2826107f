import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupProblem } from '../kit/index.ts'
import { relationOf } from './core/data-files.ts'
import type { BackupFile } from './core/model.ts'
import { judgePage, readPage } from './core/page-checksum.ts'
import { CHUNK_BYTES, PAGE_BYTES, PAGE_READ_PAUSE_MS, PAGE_READS, PAGES_PER_FILE } from './limits.ts'

export type CopyFile = {
  readonly from: string
  readonly to: string
  /** Below the data folder. */
  readonly path: string
  /** Where the copy began in the log: a page that was written later may be torn. */
  readonly startLsn: bigint
  readonly onBytes: (bytes: number) => void
}

export type CopiedFile = BackupFile & {
  readonly pagesChecked: number
  /** The latest place in the log that a page of it names: none can lie behind the end of the copy. */
  readonly newestLsn: bigint
}

type Pages = { checked: number; newestLsn: bigint }

const damaged = (path: string, block: number): SetupProblem =>
  new SetupProblem(
    `The database has a damaged page: block ${block} of the file ${path} does not agree with its checksum`,
    'This backup is not finished, and those before it stand. Restore from the newest of them, as docs/runbooks says, and have the disk looked at.',
  )

const fill = async (handle: FileHandle, buffer: Buffer, position: number): Promise<number> => {
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}

/** A page that is being written at this moment is whole a moment later. */
const readAgain = async (
  handle: FileHandle,
  page: Buffer,
  { path, block, position, startLsn }: { path: string; block: number; position: number; startLsn: bigint },
): Promise<void> => {
  for (let attempt = 1; attempt <= PAGE_READS; attempt += 1) {
    await sleep(PAGE_READ_PAUSE_MS)
    // What was cut off meanwhile is cut off by the log as well.
    if ((await fill(handle, page, position)) < PAGE_BYTES) return
    if (judgePage(page, block, startLsn) !== 'bad') return
  }
  throw damaged(path, block)
}

type Checking = {
  readonly path: string
  readonly firstBlock: number
  readonly startLsn: bigint
  /** Half-written by a power cut it stays so until somebody reads it, and is then made anew: it holds no data. */
  readonly isMadeAnew: boolean
}

const checkPages = async (
  handle: FileHandle,
  { chunk, position }: { readonly chunk: Buffer; readonly position: number },
  { path, firstBlock, startLsn, isMadeAnew }: Checking,
  pages: Pages,
): Promise<void> => {
  for (let offset = 0; offset + PAGE_BYTES <= chunk.length; offset += PAGE_BYTES) {
    const page = chunk.subarray(offset, offset + PAGE_BYTES)
    const at = position + offset
    const block = firstBlock + at / PAGE_BYTES
    let verdict = judgePage(page, block, startLsn)
    if (verdict === 'bad' && !isMadeAnew) {
      await readAgain(handle, page, { path, block, position: at, startLsn })
      verdict = judgePage(page, block, startLsn)
    }
    if (verdict === 'good') pages.checked += 1
    const { lsn, isNew } = readPage(page)
    if (!isNew && lsn > pages.newestLsn) pages.newestLsn = lsn
  }
}

/** What is behind the last whole page is a page that is being added: the log has it. */
const wholePages = (bytes: number): number => bytes - (bytes % PAGE_BYTES)

/** Copies what the file holds at this moment, digest and checksums on the way, and puts it on disk. */
export const copyFile = async ({ from, to, path, startLsn, onBytes }: CopyFile): Promise<CopiedFile> => {
  const relation = relationOf(path)
  const pages: Pages = { checked: 0, newestLsn: 0n }
  const digest = createHash('sha256')
  const source = await open(from, 'r')
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      const { size } = await source.stat()
      const end = relation === null ? size : wholePages(size)
      const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, Math.max(end, 1)))
      let position = 0
      while (position < end) {
        const wanted = buffer.subarray(0, Math.min(buffer.length, end - position))
        const read = await fill(source, wanted, position)
        const bytes = relation === null ? read : wholePages(read)
        if (bytes === 0) break
        const chunk = wanted.subarray(0, bytes)
        if (relation !== null) {
          const firstBlock = relation.part * PAGES_PER_FILE
          const isMadeAnew = relation.fork === 'fsm' || relation.fork === 'vm'
          const checking = { path, firstBlock, startLsn, isMadeAnew }
          await checkPages(source, { chunk, position }, checking, pages)
        }
        digest.update(chunk)
        await target.writeFile(chunk)
        position += bytes
        onBytes(bytes)
      }
      await target.sync()
      const { checked: pagesChecked, newestLsn } = pages
      return { path, bytes: position, sha256: digest.digest('hex'), pagesChecked, newestLsn }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
