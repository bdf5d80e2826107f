// One source file, parsed once: its nodes, its imports and its pieces of text.

import { type Comment, type Node, parseSync, visitorKeys } from 'oxc-parser'
import type { House } from './house.ts'

export type Piece = { readonly node: Node; readonly parent: Node | null; readonly line: number }
export type Import = { readonly specifier: string; readonly names: readonly string[]; readonly line: number }
export type Text = { readonly value: string; readonly line: number }

export type Source = {
  readonly path: string
  readonly pieces: readonly Piece[]
  readonly imports: readonly Import[]
  /** String literals and templates (… where a value goes in), without the specifiers of imports. */
  readonly texts: readonly Text[]
  readonly comments: readonly (Comment & { readonly line: number })[]
  readonly lineOf: (offset: number) => number
}

const lineFinder = (text: string): ((offset: number) => number) => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? Number.POSITIVE_INFINITY) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const childrenOf = (node: Node): Node[] => {
  const fields: Record<string, unknown> = { ...node }
  return (visitorKeys[node.type] ?? []).flatMap((key) => fields[key]).filter(isNode)
}

const collect = (root: Node, lineOf: (offset: number) => number): Piece[] => {
  const pieces: Piece[] = []
  const visit = (node: Node, parent: Node | null): void => {
    pieces.push({ node, parent, line: lineOf(node.start) })
    for (const child of childrenOf(node)) visit(child, node)
  }
  visit(root, null)
  return pieces
}

const importedNames = (node: Node): string[] => {
  if (node.type !== 'ImportDeclaration') return []
  return node.specifiers.flatMap((specifier) =>
    specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier'
      ? [specifier.imported.name]
      : [],
  )
}

/** The specifier's node of everything that loads another file: import, export … from, import(), import types. */
const specifierOf = (node: Node): Node | null => {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node.source
    default:
      return null
  }
}

const importsOf = (pieces: readonly Piece[]): Import[] =>
  pieces.flatMap(({ node, line }) => {
    const specifier = specifierOf(node)
    if (specifier?.type !== 'Literal' || typeof specifier.value !== 'string') return []
    return [{ specifier: specifier.value, names: importedNames(node), line }]
  })

const textsOf = (pieces: readonly Piece[]): Text[] =>
  pieces.flatMap(({ node, parent, line }) => {
    if (node.type === 'TemplateLiteral')
      return [{ value: node.quasis.map(({ value }) => value.raw).join('…'), line }]
    const isText = node.type === 'Literal' && typeof node.value === 'string'
    if (!isText || (parent !== null && specifierOf(parent) === node)) return []
    return [{ value: String(node.value), line }]
  })

const parse = (path: string, text: string): Source => {
  const language = path.endsWith('.tsx') ? 'tsx' : path.endsWith('.ts') ? 'ts' : 'js'
  const { program, comments, errors } = parseSync(path, text, { lang: language, sourceType: 'module' })
  const [error] = errors
  if (error) throw new Error(`${path} cannot be parsed: ${error.message}`)
  const lineOf = lineFinder(text)
  const pieces = collect(program, lineOf)
  return {
    path,
    pieces,
    imports: importsOf(pieces),
    texts: textsOf(pieces),
    comments: comments.map((comment) => ({ ...comment, line: lineOf(comment.start) })),
    lineOf,
  }
}

const parsed = new Map<string, Source>()

/** Parsed once per text, however many laws ask. */
const sourceOf = (path: string, text: string): Source => {
  const key = `${path}\n${text}`
  const known = parsed.get(key)
  if (known) return known
  const source = parse(path, text)
  parsed.set(key, source)
  return source
}

const CODE = /\.(?:ts|tsx|mjs|js)$/

export const isCode = (path: string): boolean => CODE.test(path)

export const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.endsWith('.test.tsx')

export const sourcesOf = (house: House): Source[] =>
  [...house].filter(([path]) => isCode(path)).map(([path, text]) => sourceOf(path, text))
