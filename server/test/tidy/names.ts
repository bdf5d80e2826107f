import type { Law, Violation } from '../architecture/house.ts'
import { isCode } from '../architecture/source.ts'

const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
/** Words that say nothing: what is in such a file is found by nobody who looks for it. */
const EMPTY_WORDS = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'manager',
  'service',
  'services',
  'common',
  'misc',
])

/** A migration's name begins with its number: 0001_database.sql. */
const MIGRATION_NUMBER = /\/\d{4}_(?=[^/]+\.sql$)/

const judge = (path: string): Violation[] => {
  const parts = path.replace(MIGRATION_NUMBER, '/').split('/')
  const names = parts.flatMap((part, at) => (at === parts.length - 1 ? part.split('.') : [part]))
  const odd = names.find((name) => !KEBAB.test(name) && !name.startsWith('.'))
  const empty = names.flatMap((name) => name.split('-')).find((word) => EMPTY_WORDS.has(word))
  return [
    ...(odd === undefined ? [] : [{ path, message: `"${odd}" is not in kebab-case` }]),
    ...(empty === undefined
      ? []
      : [{ path, message: `"${empty}" says nothing: name the file after what it does` }]),
  ]
}

/** Kebab-case names that say what is inside. */
export const names: Law = (house) =>
  [...house.keys()].filter((path) => isCode(path) || path.endsWith('.sql')).flatMap(judge)
