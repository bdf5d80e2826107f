// The house as the laws see it: the repository's text files by path. A law is a function over it, so a test can
// hand it the living tree or a small made-up one with a planted violation.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type House = ReadonlyMap<string, string>

export type Violation = {
  readonly path: string
  readonly line?: number
  /** What is wrong, and what to do instead. */
  readonly message: string
}

export type Law = (house: House) => Violation[]

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))

const TEXT = /(?:\.(?:ts|tsx|mjs|js|json|md|sql|sh|html|css|svg|yaml|yml)|^\.ci\/run)$/
/** Made by tools or by running the product; nobody wrote it. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'coverage', 'dist'])

/** Text files with their text, all others (pictures, data) without. */
export const readHouse = (root: string): House => {
  const house = new Map<string, string>()
  const visit = (folder: string): void => {
    for (const name of readdirSync(join(root, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`
      const isFolder = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false
      const isOurs = !name.startsWith('.') || path === '.ci'
      if (isFolder && isOurs && !SKIPPED_FOLDERS.has(name)) visit(path)
      if (!isFolder && isOurs) house.set(path, TEXT.test(path) ? readFileSync(join(root, path), 'utf8') : '')
    }
  }
  visit('')
  return house
}

/** Every folder that holds a file, somewhere below it. */
export const foldersOf = (house: House): ReadonlySet<string> => {
  const folders = new Set<string>()
  for (const path of house.keys()) {
    const parts = path.split('/')
    for (let length = 1; length < parts.length; length += 1) folders.add(parts.slice(0, length).join('/'))
  }
  return folders
}

export const show = ({ path, line, message }: Violation): string =>
  `${path}${line === undefined ? '' : `:${line}`}  ${message}`
