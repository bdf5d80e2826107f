import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type AnchorLine, readLine } from '../core/anchor.ts'

const FILE = 'audit-anchors.jsonl'
/** Anybody may read it: it holds hashes and signatures, and the more copies there are, the better. */
const READABLE = 0o644
const NEWLINE = 10

export const anchorFileOf = (folder: string): string => join(folder, FILE)

const endsUnfinished = (at: number): boolean => {
  const { size } = fstatSync(at)
  if (size === 0) return false
  const last = Buffer.alloc(1)
  readSync(at, last, 0, 1, size - 1)
  return last[0] !== NEWLINE
}

/**
 * Appends a line and waits until it is on disk. A line is one write to the end of the file, so those of two processes do
 * not run into each other; one that a full disk has torn is closed by the next, and stays unreadable.
 */
export const appendLine = (folder: string, line: AnchorLine): void => {
  mkdirSync(folder, { recursive: true })
  const at = openSync(anchorFileOf(folder), 'a+', READABLE)
  try {
    const bytes = Buffer.from(`${endsUnfinished(at) ? '\n' : ''}${JSON.stringify(line)}\n`)
    const written = writeSync(at, bytes)
    if (written !== bytes.length) throw new Error('the anchor was written in part only')
    fsyncSync(at)
  } finally {
    closeSync(at)
  }
}

export type AnchorLines = {
  readonly lines: readonly AnchorLine[]
  /** Numbers of lines that nobody can read: torn, or not ours. */
  readonly unreadable: readonly number[]
}

/** All lines of the file; null where there is none. */
export const readLines = (folder: string): AnchorLines | null => {
  let text: string
  try {
    text = readFileSync(anchorFileOf(folder), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const lines: AnchorLine[] = []
  const unreadable: number[] = []
  for (const [index, each] of text.split('\n').entries()) {
    if (each === '') continue
    const line = readLine(each)
    if (line === null) unreadable.push(index + 1)
    else lines.push(line)
  }
  return { lines, unreadable }
}
