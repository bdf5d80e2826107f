import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const HERE = import.meta.dirname
const MODULES = join(HERE, '..', '..', '..', 'node_modules')

/** What `npm run release:keep` says of the release that it packed. */
export type LastRelease = { readonly commit: string; readonly newest_migration: number }

export const aboutLastRelease = (): LastRelease =>
  JSON.parse(readFileSync(join(HERE, 'last-release.json'), 'utf8')) as LastRelease

/** What starts its server, and its migrations. */
export type Unpacked = { readonly entry: string; readonly migrations: string }

/** The release before, beside this one: its own code and migrations, with the packages of this tree. */
export const unpackLastRelease = (folder: string): Unpacked => {
  const root = join(folder, 'last-release')
  mkdirSync(root)
  execFileSync('tar', ['-xzf', join(HERE, 'last-release.tar.gz'), '-C', root])
  symlinkSync(MODULES, join(root, 'node_modules'))
  return {
    entry: join(root, 'server', 'src', 'main', 'start.ts'),
    migrations: join(root, 'server', 'migrations'),
  }
}
