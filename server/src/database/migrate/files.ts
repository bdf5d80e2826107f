import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '../../kit/index.ts'

/** One numbered file of SQL. */
export type Migration = {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
  /** Marked `-- no-transaction`: a single statement that PostgreSQL runs in no transaction, such as a concurrent index. */
  readonly inTransaction: boolean
}

/** The migrations of this release. */
export const MIGRATIONS_FOLDER = join(import.meta.dirname, '..', '..', '..', 'migrations')

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/
const NO_TRANSACTION = /^-- no-transaction\s*$/m

const parseFile = (folder: string, name: string): Migration => {
  const number = FILE_NAME.exec(name)?.[1]
  assert(number !== undefined, `${name} is not named like 0001_what.sql`)
  const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')
  return {
    number: Number(number),
    name,
    sql,
    sha256: createHash('sha256').update(sql).digest('hex'),
    inTransaction: !NO_TRANSACTION.test(sql),
  }
}

/** In the order of their numbers, each of which occurs once. */
export const readMigrations = (folder: string = MIGRATIONS_FOLDER): readonly Migration[] => {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  const migrations = names.map((name) => parseFile(folder, name))
  migrations.forEach(({ number, name }, index) => {
    assert(
      migrations[index - 1]?.number !== number,
      `${name} has the number of ${migrations[index - 1]?.name}`,
    )
  })
  return migrations
}

/** The newest migration that this release knows. */
export const NEWEST_MIGRATION: number = readdirSync(MIGRATIONS_FOLDER).reduce(
  (newest, name) => Math.max(newest, Number(FILE_NAME.exec(name)?.[1] ?? 0)),
  0,
)
