import { readFileSync } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { type ArchiveChoice, type Layout, readArchiveChoice, tryLock } from '../database/index.ts'
import { SetupProblem } from '../kit/index.ts'
import { CONTROL_FILE } from './core/data-files.ts'
import { isHistoryName, isSegmentName, packedName } from './core/log-names.ts'
import { segmentFault } from './core/log-segment.ts'
import { isAbsent, readIfThere, troubleOf, UNFINISHED, writeWhole } from './disk.ts'
import { checkFolder, logFolder, namesIn } from './folder.ts'
import { SEGMENT_BYTES, SHIP_AT_ONCE } from './limits.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

const LEVEL = 3

/** With a checksum of its own, so that a damaged file is noticed when it is opened. */
export const pack = (content: Buffer): Promise<Buffer> =>
  compress(content, {
    params: { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: LEVEL },
  })

export const unpack = (packed: Buffer): Promise<Buffer> =>
  decompress(packed, { maxOutputLength: SEGMENT_BYTES })

const IDENTIFIER_BYTES = 8

/** PostgreSQL's number of the cluster stands at the beginning of pg_control, running or not. */
export const readSystemIdentifier = (data: string): string => {
  const control = readFileSync(join(data, CONTROL_FILE))
  return String(control.subarray(0, IDENTIFIER_BYTES).readBigUInt64LE(0))
}

/** Segments and histories; PostgreSQL also puts notes about copies there, which nobody needs. */
const isShipped = (name: string): boolean => isSegmentName(name) || isHistoryName(name)
const isNote = (name: string): boolean => /\.(backup|partial)$/.test(name)

/** The log in the order of its writing, histories first: a segment of a new life is of use only with its history. */
const inOrder = (names: readonly string[]): readonly string[] => [
  ...names.filter(isHistoryName).toSorted(),
  ...names.filter(isSegmentName).toSorted(),
]

/** What waits to be shipped. */
export const waitingLog = async (layout: Pick<Layout, 'outbox'>): Promise<readonly string[]> =>
  inOrder((await namesIn(layout.outbox)).filter(isShipped))

const otherLife = (folder: string, name: string): SetupProblem =>
  new SetupProblem(
    `${folder} has the log ${name} already, with another content: another copy of this database writes there`,
    'Give each copy a folder of its own: npx evenkeel backup OTHER_FOLDER',
  )

const put = async (
  folder: string,
  name: string,
  { content, packed }: { content: Buffer; packed: Buffer },
): Promise<void> => {
  const file = join(logFolder(folder), packedName(name))
  const there = await readIfThere(file)
  if (there !== null) {
    const before = await unpack(there).catch(() => null)
    if (before?.equals(content) === true) return
    // What cannot be opened is damaged, and here is what should stand there.
    if (before !== null) throw otherLife(folder, name)
  }
  await writeWhole(file, packed)
}

export type Shipped = {
  /** Another process ships at this moment. */
  readonly busy: boolean
  readonly shipped: number
  /** Of the outbox, after this. */
  readonly waiting: number
  /** Why a folder takes nothing, by folder. */
  readonly problems: readonly { readonly folder: string; readonly problem: Error }[]
}

/** Left over by a shipper that was killed. Only who holds the lock of shipping may say that nobody writes them. */
const removeUnfinished = async (folder: string): Promise<void> => {
  for (const name of await namesIn(folder))
    if (name.endsWith(UNFINISHED)) await rm(join(folder, name), { force: true })
}

type Target = { readonly folder: string; problem: Error | null; readonly has: Set<string> }

const offer = async (target: Target, name: string, content: Buffer, packed: Buffer): Promise<void> => {
  if (target.problem !== null || target.has.has(name)) return
  try {
    await put(target.folder, name, { content, packed })
    target.has.add(name)
  } catch (error) {
    const problem = troubleOf(error, target.folder)
    if (problem === null) throw error
    target.problem = problem
  }
}

const offerAll = async (
  layout: Layout,
  name: string,
  targets: readonly Target[],
  systemIdentifier: string,
): Promise<void> => {
  const file = join(layout.outbox, name)
  const content = await readFile(file)
  const fault = isSegmentName(name) ? segmentFault(content, name, systemIdentifier) : null
  if (fault !== null)
    throw new SetupProblem(
      `The log ${file} is damaged: ${fault}`,
      'Begin the chain of backups anew: npx evenkeel backup --end, and then npx evenkeel backup FOLDER',
    )
  const packed = await pack(content)
  for (const target of targets) await offer(target, name, content, packed)
}

export type Shipper = { readonly ship: (layout: Layout) => Promise<Shipped> }

/** Remembers what a folder has taken while another one is out of reach. */
export const createShipper = (): Shipper => {
  const taken = new Map<string, Set<string>>()

  const targetOf = async (folder: string, systemIdentifier: string): Promise<Target> => {
    const known = taken.get(folder)
    const has = known ?? new Set<string>()
    taken.set(folder, has)
    const problem = await checkFolder(folder, systemIdentifier)
      .then(() => (known === undefined ? removeUnfinished(logFolder(folder)) : undefined))
      .then(
        () => null,
        (error: unknown) => {
          const trouble = troubleOf(error, folder)
          if (trouble === null) throw error
          return trouble
        },
      )
    return { folder, problem, has }
  }

  const shipAll = async (layout: Layout, { folder, next }: ArchiveChoice): Promise<Shipped> => {
    const waiting = await waitingLog(layout)
    for (const name of await namesIn(layout.outbox))
      if (isNote(name)) await rm(join(layout.outbox, name), { force: true })
    if (waiting.length === 0) return { busy: false, shipped: 0, waiting: 0, problems: [] }
    const systemIdentifier = readSystemIdentifier(layout.data)
    const folders = [...new Set([folder, next])].filter((one) => one !== null)
    const targets: Target[] = []
    for (const one of folders) targets.push(await targetOf(one, systemIdentifier))
    let shipped = 0
    let offered = 0
    for (const name of waiting) {
      const wanting = targets.filter(({ problem, has }) => problem === null && !has.has(name))
      if (wanting.length > 0) {
        if (offered === SHIP_AT_ONCE) break
        offered += 1
        await offerAll(layout, name, wanting, systemIdentifier)
      }
      if (targets.length === 0 || targets.some(({ has }) => !has.has(name))) continue
      await rm(join(layout.outbox, name), { force: true })
      for (const { has } of targets) has.delete(name)
      shipped += 1
    }
    const problems = targets.flatMap(({ folder: of, problem }) =>
      problem === null ? [] : [{ folder: of, problem }],
    )
    return { busy: false, shipped, waiting: waiting.length - shipped, problems }
  }

  return {
    ship: async (layout) => {
      const lock = tryLock(join(layout.folder, 'ship.lock'))
      if (lock === null) return { busy: true, shipped: 0, waiting: 0, problems: [] }
      try {
        return await shipAll(layout, readArchiveChoice(layout))
      } finally {
        lock.release()
      }
    },
  }
}

/** Whether the folder has the log of this name. */
export const hasLog = async (folder: string, name: string): Promise<boolean> => {
  try {
    return (await stat(join(logFolder(folder), packedName(name)))).size > 0
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}
