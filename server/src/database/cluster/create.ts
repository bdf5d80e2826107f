import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SetupProblem } from '../../kit/index.ts'
import { HBA } from './conf.ts'
import { giveTo } from './folders.ts'
import { INITDB_TIMEOUT_MS } from './limits.ts'
import { refuseUnfinishedRestore } from './restore-note.ts'
import { childOptions, type Site, SUPERUSER } from './site.ts'
import { explain } from './troubles.ts'

const run = promisify(execFile)

export const MAJOR = 18
export const CONF_FILE = 'postgresql.evenkeel.conf'

const INCLUDE = `
# Evenkeel's own settings, rewritten at each start. Settings below this line win over them.
include_if_exists = '${CONF_FILE}'
`

/** The locale is C, so that no library of the system has a say in the order of an index. */
const initdbArguments = (folder: string, passwordFile: string, site: Site): readonly string[] => [
  `--pgdata=${folder}`,
  `--username=${SUPERUSER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--data-checksums',
  '--no-instructions',
  ...(site.tuning.unsafe === true ? ['--no-sync'] : []),
]

const initialise = async (folder: string, passwordFile: string, site: Site): Promise<void> => {
  try {
    await run(site.binaries.initdb, initdbArguments(folder, passwordFile, site), {
      ...childOptions(site),
      timeout: INITDB_TIMEOUT_MS,
    })
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string }
    throw explain(
      stderr === '' ? message : stderr,
      site.layout.folder,
      'The database could not be created',
      error,
    )
  }
}

/** Makes the data of a new cluster under another name, so that one which is half made is never taken for whole. */
export const create = async (site: Site): Promise<void> => {
  const { data } = site.layout
  const unfinished = `${data}.unfinished`
  const passwordFile = `${data}.${randomBytes(6).toString('hex')}`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  giveTo(unfinished, site.account)
  try {
    writeFileSync(passwordFile, `${site.passwords()[0]}\n`, { mode: 0o600 })
    giveTo(passwordFile, site.account)
    await initialise(unfinished, passwordFile, site)
  } finally {
    rmSync(passwordFile, { force: true })
  }
  appendFileSync(join(unfinished, 'postgresql.conf'), INCLUDE)
  writeFileSync(join(unfinished, 'pg_hba.conf'), HBA)
  renameSync(unfinished, data)
}

/** Whether there is a cluster; one of another major version is refused, because it can neither be read nor changed. */
export const exists = (site: Site): boolean => {
  const { data, folder } = site.layout
  if (!existsSync(data)) {
    refuseUnfinishedRestore(folder)
    return false
  }
  const file = join(data, 'PG_VERSION')
  const major = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown'
  if (major === String(MAJOR)) return true
  throw new SetupProblem(
    `The database folder ${folder} was made by PostgreSQL ${major}; this release runs PostgreSQL ${MAJOR}`,
    'Start the release of Evenkeel that made it, or set DATA_DIR to another folder.',
  )
}
