import type { Migration } from '../../src/database/migrate/files.ts'

/*
 * The release before runs on the new schema, and so does every release down to the floor. What takes something from it
 * needs a floor that it is below, set in the same file. What holds up a table for as long as it is large needs another way.
 */

type Rule = { readonly what: string; readonly pattern: RegExp; readonly instead: string }

const CONTRACTS: readonly Rule[] = [
  { what: 'drops a table', pattern: /\bdrop table\b/, instead: 'stop using it, and drop it a release later' },
  { what: 'drops a schema', pattern: /\bdrop schema\b/, instead: 'drop it a release later' },
  {
    what: 'drops a column',
    pattern: /\bdrop column\b/,
    instead: 'stop using it, and drop it a release later',
  },
  {
    what: 'renames',
    pattern: /\brename (?:to|column|constraint)\b/,
    instead: 'add the new one beside the old one',
  },
  {
    what: 'changes a type',
    pattern: /\balter column \w+ (?:set data )?type\b/,
    instead: 'add a column of the new type',
  },
  {
    what: 'makes a column necessary',
    pattern: /\balter column \w+ set not null\b/,
    instead: 'give it a default, or wait until every release writes it',
  },
  {
    what: 'takes a default away',
    pattern: /\balter column \w+ drop default\b/,
    instead: 'wait until every release writes it',
  },
  {
    what: 'adds a column that must be written',
    pattern: /\badd column (?:if not exists )?\w+ (?![^,;]*\bdefault\b)[^,;]*\bnot null\b/,
    instead: 'let it be null, or give it a default',
  },
  { what: 'takes a right away', pattern: /\brevoke\b/, instead: 'revoke it a release later' },
]

/** A file that raises the floor says which releases it leaves behind. */
const RAISES_FLOOR = /\bupdate database\.schema_floor\b/

const INDEX = /\bcreate (?:unique )?index (concurrently )?(?:if not exists )?(?:\w+ )?on (?:only )?([\w.]+)/g

const withoutComments = (sql: string): string => sql.replaceAll(/--[^\n]*/g, '').toLowerCase()

const isMadeIn = (sql: string, table: string): boolean =>
  new RegExp(`\\bcreate table (?:if not exists )?${table.replaceAll('.', '\\.')}\\b`).test(sql)

/** An index on a table that is there already keeps every writer from it for as long as it takes to read all of it. */
const slowIndexes = (sql: string): string[] =>
  [...sql.matchAll(INDEX)].flatMap(([, concurrently, table = '']) =>
    concurrently !== undefined || isMadeIn(sql, table)
      ? []
      : [`builds an index on ${table}: build it concurrently, in a file of its own marked -- no-transaction`],
  )

/** What a migration does that a release which is at work could not bear, in words; empty when it only expands. */
export const harmsOf = ({ sql }: Pick<Migration, 'sql'>): readonly string[] => {
  const plain = withoutComments(sql)
  const contracts = RAISES_FLOOR.test(plain)
    ? []
    : CONTRACTS.filter(({ pattern }) => pattern.test(plain)).map(({ what, instead }) => `${what}: ${instead}`)
  return [...contracts, ...slowIndexes(plain)]
}
