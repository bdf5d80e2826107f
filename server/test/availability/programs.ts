import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Binaries, prepareBinaries } from '../../src/database/cluster/binaries.ts'
import type { Account } from '../../src/database/cluster/folders.ts'
import { OLDEST_MAJOR } from '../../src/database/settings/limits.ts'

/** The programs of one PostgreSQL, and whose they are. */
export type Programs = Binaries & { readonly name: string }

/** Where Debian and Ubuntu keep theirs, one folder for each major version. */
const PACKAGED = '/usr/lib/postgresql'

const packaged = (): readonly Programs[] => {
  if (!existsSync(PACKAGED)) return []
  return readdirSync(PACKAGED)
    .filter((major) => Number(major) >= OLDEST_MAJOR)
    .toSorted((one, other) => Number(one) - Number(other))
    .flatMap((major) => {
      const folder = join(PACKAGED, major, 'bin')
      const [postgres, initdb] = [join(folder, 'postgres'), join(folder, 'initdb')]
      return existsSync(postgres) && existsSync(initdb)
        ? [{ name: `the system's PostgreSQL ${major}`, postgres, initdb }]
        : []
    })
}

const embedded = (cache: string, account: Account | null): Programs => {
  const programs = prepareBinaries(cache, account)
  const version = execFileSync(programs.postgres, ['--version'], { encoding: 'utf8' })
  return { ...programs, name: `the embedded ${version.trim()}` }
}

/**
 * The oldest supported PostgreSQL of the system, which no other test runs on; else the embedded one, so there is always
 * one. EVENKEEL_TEST_POSTGRES=embedded asks for that in any case.
 */
export const choosePrograms = (cache: string, account: Account | null): Programs => {
  const [oldest] = process.env['EVENKEEL_TEST_POSTGRES'] === 'embedded' ? [] : packaged()
  return oldest ?? embedded(cache, account)
}
