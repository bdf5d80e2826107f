import { folderTable, PAGE, type Row } from './folder-table.ts'
import type { House, Law, Violation } from './house.ts'
import { roomOf } from './rooms.ts'
import { isTest, sourcesOf } from './source.ts'

/** What follows a schema's name and a dot without naming a table: the ending of a file, of a permission, or of an event. */
const OTHER_ENDINGS = new Set([
  'ts',
  'tsx',
  'mjs',
  'js',
  'json',
  'md',
  'sql',
  'csv',
  'read',
  'write',
  'updated',
])

const VERBS =
  'select|insert into|update|delete from|merge into|copy|truncate|lock table|create|alter|drop|grant|call'
const CLAUSES = 'from|join|using|where|having|order by|group by|values|returning|on conflict'
/** A statement or a piece of one; or nothing but a table's name, as a query builder takes it. */
const SQL = new RegExp(`\\b(?:${VERBS}|${CLAUSES})\\b|^[a-z_]+\\.[a-z_]+(?: as \\w+)?$`, 'i')

/** The tables that a piece of text names, as `schema.table`, among the schemas that have an owner. */
const tablesIn = (text: string, schemas: ReadonlySet<string>): string[] => {
  if (!SQL.test(text)) return []
  return [...text.matchAll(/(?<![\w./-])"?([a-z_]+)"?\."?([a-z_]+)\b/g)]
    .filter(([, schema = '', table = '']) => schemas.has(schema) && !OTHER_ENDINGS.has(table))
    .map(([, schema, table]) => `${schema}.${table}`)
}

/**
 * Benchmarks measure our tables from outside, beside copies of them. The sdk speaks HTTP only: what reads like a table
 * there, such as ledger.account, is a resource.
 */
const MAY_NAME_ALL = new Set(['bench', 'sdk'])

const foreignTables = (house: House, rows: readonly Row[]): Violation[] => {
  const schemas = new Set(rows.flatMap(({ schema }) => (schema === null ? [] : [schema])))
  return sourcesOf(house).flatMap(({ path, texts }) => {
    const room = roomOf(path)
    if (room === null || MAY_NAME_ALL.has(room.name) || isTest(path)) return []
    return texts.flatMap(({ value, line }) =>
      tablesIn(value, schemas)
        .filter((table) => !table.startsWith(`${room.name}.`))
        .map((table) => ({
          path,
          line,
          message: `names ${table}, which belongs to another folder: ask that folder by its door`,
        })),
    )
  })
}

const MIGRATION = /^server\/migrations\/[^/]+\.sql$/

const CREATE_SCHEMA = /\bcreate schema (?:if not exists )?"?([a-z_]+)/gi

type Made = { readonly path: string; readonly name: string }

/** Migrations make the schemas; the one that records them has to make its own from code. */
const schemasMade = (house: House): Made[] => {
  const migrations = [...house].filter(([path]) => MIGRATION.test(path))
  const code = sourcesOf(house)
    .filter(({ path }) => path.startsWith('server/src/') && !isTest(path))
    .flatMap(({ path, texts }) => texts.map(({ value }): [string, string] => [path, value]))
  return [...migrations, ...code].flatMap(([path, text]) =>
    [...text.matchAll(CREATE_SCHEMA)].map(([, name = '']) => ({ path, name })),
  )
}

/** Every schema that is made has its row, and every row's schema is made. */
const compareSchemas = (house: House, rows: readonly Row[]): Violation[] => {
  const made = schemasMade(house)
  const unowned = made
    .filter(({ name }) => !rows.some((row) => row.schema === name))
    .map(({ path, name }) => ({ path, message: `makes the schema ${name}, which no row of ${PAGE} owns` }))
  const missing = rows
    .filter(({ schema }) => schema !== null && !made.some(({ name }) => name === schema))
    .map(({ schema, line }) => ({ path: PAGE, line, message: `nothing makes the schema ${schema}` }))
  return [...unowned, ...missing]
}

/** Only the owner's folder names its schema in SQL, and a schema is called as its folder. */
export const tables: Law = (house) => {
  const rows = folderTable(house)
  if (rows.length === 0) return [] // The law of floors says so already.
  const misnamed = rows
    .filter(({ folder, schema }) => schema !== null && schema !== folder)
    .map(({ folder, schema, line }) => ({
      path: PAGE,
      line,
      message: `${folder} owns the schema ${schema}: a schema is called as its folder`,
    }))
  return [...misnamed, ...foreignTables(house, rows), ...compareSchemas(house, rows)]
}
