import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Vector } from './format.ts'
import { parseVector } from './format.ts'
import { replayVector } from './replay.ts'
import type { SubjectSource } from './subject.ts'

/** Replays every recorded history of a folder on every subject. A file passes when all subjects agree with it. */

export type FileOutcome = {
  readonly file: string
  readonly subject: string
  readonly differences: readonly string[]
}

export type FolderOutcome = { readonly passed: number; readonly failed: number }

const SHOWN_DIFFERENCES = 5

export const listVectors = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((file) => file.endsWith('.json')).sort()

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

const replayOn = async (source: SubjectSource, vector: Vector): Promise<readonly string[]> => {
  const subject = await source.open()
  try {
    return await replayVector(vector, subject)
  } finally {
    await subject.close?.()
  }
}

/** A fault of the subject, or a file that cannot be read, fails the file and not the run. */
const outcomeOf = async (
  file: string,
  subject: string,
  run: () => Promise<readonly string[]>,
): Promise<FileOutcome> => {
  try {
    return { file, subject, differences: await run() }
  } catch (error) {
    return { file, subject, differences: [messageOf(error)] }
  }
}

const show = ({ file, subject, differences }: FileOutcome): string => {
  const shown = differences.slice(0, SHOWN_DIFFERENCES).map((difference) => `    ${difference}`)
  const more = differences.length - shown.length
  return [`${file} · ${subject}`, ...shown, ...(more > 0 ? [`    and ${more} more`] : [])].join('\n')
}

export const replayFolder = async (
  folder: string,
  sources: readonly SubjectSource[],
  print: (line: string) => void,
): Promise<FolderOutcome> => {
  let passed = 0
  const files = await listVectors(folder)
  for (const file of files) {
    let agreed = true
    for (const source of sources) {
      const outcome = await outcomeOf(file, source.name, async () =>
        replayOn(source, parseVector(await readFile(join(folder, file), 'utf8'))),
      )
      if (outcome.differences.length === 0) continue
      agreed = false
      print(show(outcome))
    }
    if (agreed) passed += 1
  }
  const failed = files.length - passed
  print(`${passed} passed, ${failed} failed`)
  return { passed, failed }
}
