import { posix } from 'node:path'
import type { Law, Violation } from './house.ts'
import { isTest, type Piece, type Source, sourcesOf } from './source.ts'

const KIT_DOOR = 'server/src/kit/index.ts'
/** What kit offers to the shells only: it asks for chance. */
const IMPURE_IN_KIT = new Set(['newUuid'])

const IMPURE_NAMES = new Set([
  ...['Date', 'Temporal', 'performance', 'crypto', 'process', 'console', 'fetch', 'globalThis'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'Atomics', 'Promise', 'WebSocket'],
])

/**
 * The core that a file belongs to, without the tests beside it. The limits of a folder belong to its core,
 * which counts by them as the shell does.
 */
const coreOf = (path: string): string | null => {
  if (isTest(path)) return null
  const limits = /^(server\/src\/[^/]+\/)limits\.ts$/.exec(path)?.[1]
  if (limits !== undefined) return `${limits}core/`
  return /^server\/src\/(?:[^/]+\/)+?core\//.exec(path)?.[0] ?? null
}

/** A name that stands for a value or a type of its own, not for a property of something else. */
const isFreeName = ({ node, parent }: Piece): boolean => {
  if (parent?.type === 'MemberExpression') return parent.computed || parent.object === node
  if (parent?.type === 'Property') return parent.computed || parent.shorthand || parent.value === node
  if (parent?.type === 'TSPropertySignature') return parent.computed
  return true
}

const impurityOf = (piece: Piece): string | null => {
  const { node } = piece
  switch (node.type) {
    case 'AwaitExpression':
      return 'waits (await)'
    case 'ForOfStatement':
      return node.await ? 'waits (for await)' : null
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return node.async ? 'is asynchronous' : null
    case 'MemberExpression': {
      const isRandom = node.object.type === 'Identifier' && node.object.name === 'Math' && !node.computed
      return isRandom && node.property.name === 'random' ? 'asks for chance (Math.random)' : null
    }
    case 'Identifier':
      return IMPURE_NAMES.has(node.name) && isFreeName(piece) ? `uses ${node.name}` : null
    default:
      return null
  }
}

const foreignImports = (source: Source, core: string): Violation[] =>
  source.imports.flatMap(({ specifier, names, line }) => {
    const to = specifier.startsWith('.') ? posix.join(posix.dirname(source.path), specifier) : specifier
    if (coreOf(to) === core) return []
    const impure = names.find((name) => IMPURE_IN_KIT.has(name))
    if (to === KIT_DOOR && impure === undefined) return []
    const what = to === KIT_DOOR ? `${impure} of kit` : specifier
    return [{ path: source.path, line, message: `a core imports only itself and kit's values, not ${what}` }]
  })

/** A core decides from values and returns values: no waiting, clock, chance, environment or database. */
export const cores: Law = (house) =>
  sourcesOf(house).flatMap((source) => {
    const core = coreOf(source.path)
    if (core === null) return []
    const impure = source.pieces.flatMap((piece) => {
      const impurity = impurityOf(piece)
      if (impurity === null) return []
      const message = `a core is pure, and this ${impurity}: take it as a parameter, or return what should be done`
      return [{ path: source.path, line: piece.line, message }]
    })
    return [...impure, ...foreignImports(source, core)]
  })
