// The habits of size, with a ratchet: what is too long already stands in a list, and the list may only shrink.

import type { Node } from 'oxc-parser'
import type { House, Law, Violation } from '../architecture/house.ts'
import { isCode, isTest, type Piece, type Source, sourcesOf } from '../architecture/source.ts'

const FILE_LINES = 400
const FUNCTION_LINES = 70
export const EXCEPTIONS = 'server/test/tidy/size-exceptions.json'

/** What is over its limit, by path or by path#function, with its lines. */
type Sizes = ReadonlyMap<string, number>

const longFiles = (house: House): [string, number][] =>
  [...house]
    .filter(([path]) => isCode(path))
    .map(([path, text]): [string, number] => [path, text.trimEnd().split('\n').length])
    .filter(([, lines]) => lines > FILE_LINES)

const GROUPS = new Set(['describe', 'suite'])

/** The body of a describe() is a chapter of a test file, and no function that somebody has to hold in mind. */
const isChapter = (source: Source, { parent }: Piece): boolean =>
  isTest(source.path) &&
  parent?.type === 'CallExpression' &&
  parent.callee.type === 'Identifier' &&
  GROUPS.has(parent.callee.name)

const nameOf = (node: Node, parent: Node | null): string => {
  if ((node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') && node.id)
    return node.id.name
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') return parent.id.name
  const hasKey = parent?.type === 'MethodDefinition' || parent?.type === 'Property'
  if (hasKey && parent.key.type === 'Identifier') return parent.key.name
  if (parent?.type === 'CallExpression' && parent.callee.type === 'Identifier')
    return `${parent.callee.name}(…)`
  return 'anonymous'
}

const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionDeclaration', 'FunctionExpression'])

const longFunctions = (house: House): [string, number][] =>
  sourcesOf(house).flatMap((source) =>
    source.pieces.flatMap((piece): [string, number][] => {
      const { node, parent, line } = piece
      if (!FUNCTIONS.has(node.type) || isChapter(source, piece)) return []
      const lines = source.lineOf(node.end) - line + 1
      return lines > FUNCTION_LINES ? [[`${source.path}#${nameOf(node, parent)}`, lines]] : []
    }),
  )

const compare = (found: Sizes, allowed: Sizes): Violation[] => {
  const tooLong = [...found].flatMap(([path, lines]) => {
    const limit = allowed.get(path) ?? (path.includes('#') ? FUNCTION_LINES : FILE_LINES)
    return lines > limit
      ? [{ path, message: `has ${lines} lines, at most ${limit} are allowed: split it` }]
      : []
  })
  const couldShrink = [...allowed].flatMap(([path, limit]) => {
    const lines = found.get(path)
    if (lines !== undefined && lines >= limit) return []
    const advice = lines === undefined ? 'take the entry out' : `lower the entry to ${lines}`
    return [
      { path: EXCEPTIONS, message: `allows ${limit} lines to ${path}, which needs fewer now: ${advice}` },
    ]
  })
  return [...tooLong, ...couldShrink]
}

/** Files of 400 lines and functions of 70 at most; the exceptions are counted, and may only become fewer. */
export const sizes: Law = (house) => {
  const exceptions: Record<string, number> = JSON.parse(house.get(EXCEPTIONS) ?? '{}')
  const found = new Map([...longFiles(house), ...longFunctions(house)])
  return compare(found, new Map(Object.entries(exceptions)))
}
