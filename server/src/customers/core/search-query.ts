import { QUERY_CLAUSES_MOST, SUBSTRING_LEAST } from '../limits.ts'

/*
 * Stripe's search language, as far as customers have its fields:
 *
 *   query   = clause { (AND | OR) clause }     one of the two, not both; nothing between clauses means AND
 *   clause  = [-] field operator value
 *   field   = created | email | name | phone | metadata["key"]
 *   operator= : (equals, whatever the case)  ~ (contains; texts only)  > < >= <= (created only)
 *   value   = "text" | 'text' | number | null
 */

type SearchField =
  | { readonly kind: 'created' }
  | { readonly kind: 'text'; readonly name: 'email' | 'name' | 'phone' }
  | { readonly kind: 'metadata'; readonly key: string }

type SearchOperator = ':' | '~' | '>' | '<' | '>=' | '<='

export type SearchClause = {
  readonly isNegated: boolean
  readonly field: SearchField
  readonly operator: SearchOperator
  readonly value: string | number | null
}

export type SearchQuery = { readonly join: 'and' | 'or'; readonly clauses: readonly SearchClause[] }

type SearchProblem = { readonly problem: string }

const TEXT_FIELDS = ['email', 'name', 'phone'] as const

class NotAQuery extends Error {
  override readonly name = 'NotAQuery'
}

const refuse = (problem: string): never => {
  throw new NotAQuery(problem)
}

/** Reads from a text piece by piece. */
class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get isDone(): boolean {
    this.take(/\s*/y)
    return this.#at >= this.#text.length
  }

  get rest(): string {
    return this.#text.slice(this.#at, this.#at + 30)
  }

  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return null
    this.#at += match[0].length
    return match[0]
  }
}

const unquote = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1')

const QUOTED = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y

const readField = (scanner: Scanner): SearchField => {
  const word = scanner.take(/[a-z_][a-z_0-9.]*/iy)
  if (word === null) return refuse(`a field is expected at: ${scanner.rest}`)
  if (word === 'created') return { kind: 'created' }
  const text = TEXT_FIELDS.find((name) => name === word)
  if (text !== undefined) return { kind: 'text', name: text }
  if (word !== 'metadata')
    return refuse(`the field \`${word}\` is not searchable. Use created, email, metadata, name or phone`)
  if (scanner.take(/\s*\[\s*/y) === null)
    return refuse('metadata is searched by a key: metadata["key"]:"value"')
  const key = scanner.take(QUOTED)
  if (key === null || scanner.take(/\s*\]/y) === null)
    return refuse('the key of metadata stands in quotes: metadata["key"]:"value"')
  return { kind: 'metadata', key: unquote(key) }
}

const readValue = (scanner: Scanner): string | number | null => {
  const quoted = scanner.take(QUOTED)
  if (quoted !== null) return unquote(quoted)
  if (scanner.take(/null\b/y) !== null) return null
  const number = scanner.take(/-?\d{1,15}(?![\d.])/y)
  if (number !== null) return Number(number)
  return refuse(`a value in quotes, a number or null is expected at: ${scanner.rest}`)
}

const checkCreated = (operator: SearchOperator, value: string | number | null): number => {
  const seconds = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  if (typeof seconds !== 'number') return refuse('created is compared with seconds since 1970')
  return operator === '~' ? refuse('created is no text: use : > < >= or <=') : seconds
}

const checkText = (operator: SearchOperator, value: string | number | null): string | null => {
  if (operator !== ':' && operator !== '~')
    return refuse(`the operator ${operator} compares numbers; texts take : and ~`)
  if (value === null) return operator === ':' ? null : refuse('null is compared with :')
  if (operator === '~' && [...String(value)].length < SUBSTRING_LEAST)
    return refuse(`the operator ~ needs at least ${SUBSTRING_LEAST} characters`)
  return String(value)
}

const readClause = (scanner: Scanner): SearchClause => {
  const isNegated = scanner.take(/-/y) !== null
  const field = readField(scanner)
  scanner.take(/\s*/y)
  const operator = scanner.take(/>=|<=|[:~<>]/y) as SearchOperator | null
  if (operator === null) return refuse(`one of : ~ > < >= <= is expected at: ${scanner.rest}`)
  scanner.take(/\s*/y)
  const value = readValue(scanner)
  const checked = field.kind === 'created' ? checkCreated(operator, value) : checkText(operator, value)
  return { isNegated, field, operator, value: checked }
}

const readQuery = (text: string): SearchQuery => {
  const scanner = new Scanner(text)
  if (scanner.isDone) return refuse('it is empty')
  const clauses: SearchClause[] = []
  let join: 'and' | 'or' | null = null
  while (true) {
    clauses.push(readClause(scanner))
    if (clauses.length > QUERY_CLAUSES_MOST) return refuse(`it has more than ${QUERY_CLAUSES_MOST} clauses`)
    if (scanner.isDone) return { join: join ?? 'and', clauses }
    const word = scanner.take(/(?:AND|OR)\b/iy)?.toLowerCase() ?? 'and'
    const next = word === 'or' ? 'or' : 'and'
    if (join !== null && join !== next) return refuse('AND and OR cannot be mixed in one query')
    join = next
    if (scanner.isDone) return refuse('it ends where a clause is expected')
  }
}

/** Reads a query, or says what is wrong with it. */
export const parseSearch = (text: string): SearchQuery | SearchProblem => {
  try {
    return readQuery(text)
  } catch (error) {
    if (error instanceof NotAQuery) return { problem: error.message }
    throw error
  }
}
