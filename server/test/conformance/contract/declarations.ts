// The type declarations of the installed `stripe` package, as syntax: which names a file declares, and what they mean.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Node, parseSync, visitorKeys } from 'oxc-parser'

/** The folder with the package's modules. */
export const PACKAGE = join(dirname(createRequire(import.meta.url).resolve('stripe')), '..', 'esm')

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (node: Node): Fields => ({ ...node })

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** A node that must be there. */
export const childOf = (node: Node, ...path: readonly string[]): Node => {
  const child = path.reduce<unknown>((at, key) => (isNode(at) ? fieldsOf(at)[key] : undefined), node)
  if (!isNode(child)) throw new Error(`a ${node.type} has no ${path.join('.')}`)
  return child
}

export const childrenOf = (node: Node, key: string): readonly Node[] => {
  const children = fieldsOf(node)[key]
  return Array.isArray(children) ? children.filter(isNode) : []
}

export const wordOf = (node: Node, key: 'name' | 'value'): string => String(fieldsOf(node)[key])
export const flagOf = (node: Node, key: string): boolean => fieldsOf(node)[key] === true

export const descendants = (root: Node): Node[] => [
  root,
  ...(visitorKeys[root.type] ?? [])
    .flatMap((key) => fieldsOf(root)[key])
    .filter(isNode)
    .flatMap(descendants),
]

/** Name, or A.B of a qualified one. */
export const nameOf = (node: Node): string =>
  node.type === 'TSQualifiedName' ? `${nameOf(node.left)}.${node.right.name}` : wordOf(node, 'name')

export type Declaration = {
  readonly file: string
  /** Within the file: Refund.NextAction */
  readonly name: string
  readonly node: Node
}

type File = {
  readonly declared: ReadonlyMap<string, Declaration>
  readonly imported: ReadonlyMap<string, { readonly file: string; readonly name: string }>
  readonly classes: readonly Node[]
}

export const parseFile = (file: string): readonly Node[] =>
  childrenOf(parseSync(file, readFileSync(join(PACKAGE, file), 'utf8')).program, 'body')

const unwrapped = (statement: Node): Node =>
  statement.type === 'ExportNamedDeclaration' && isNode(statement.declaration)
    ? statement.declaration
    : statement

const EVERYTHING = '*'

const moduleOf = (specifier: string): string => specifier.replace(/\.js$/, '.d.ts')

const readFile = (file: string): File => {
  const declared = new Map<string, Declaration>()
  const imported = new Map<string, { file: string; name: string }>()
  const classes: Node[] = []
  const visit = (statements: readonly Node[], scope: string): void => {
    for (const node of statements.map(unwrapped)) {
      if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') {
        declared.set(scope + node.id.name, { file, name: scope + node.id.name, node })
      } else if (node.type === 'TSModuleDeclaration') {
        visit(childrenOf(childOf(node, 'body'), 'body'), `${scope}${nameOf(node.id)}.`)
      } else if (node.type === 'ClassDeclaration') classes.push(node)
      else if (node.type === 'ImportDeclaration') {
        const from = join(dirname(file), moduleOf(node.source.value))
        for (const specifier of node.specifiers) {
          const name = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : EVERYTHING
          imported.set(specifier.local.name, { file: from, name })
        }
      } else if (node.type === 'ExportAllDeclaration') {
        for (const name of fileOf(join(dirname(file), moduleOf(node.source.value))).declared.keys())
          imported.set(name, { file: join(dirname(file), moduleOf(node.source.value)), name })
      } else if (node.type === 'ExportNamedDeclaration' && node.source !== null) {
        const from = join(dirname(file), moduleOf(node.source.value))
        for (const { local, exported } of node.specifiers)
          imported.set(nameOf(exported), { file: from, name: nameOf(local) })
      }
    }
  }
  visit(parseFile(file), '')
  return { declared, imported, classes }
}

const files = new Map<string, File>()

export const fileOf = (file: string): File => {
  const known = files.get(file) ?? readFile(file)
  files.set(file, known)
  return known
}

/** What a name means where it stands: in its own namespaces from the inside out, in the file, or imported. */
export const resolve = (name: string, from: Declaration): Declaration | null => {
  const { declared, imported } = fileOf(from.file)
  const scopes = from.name.split('.')
  for (let depth = scopes.length; depth >= 0; depth--) {
    const found = declared.get([...scopes.slice(0, depth), name].join('.'))
    if (found !== undefined) return found
  }
  const [first = '', ...rest] = name.split('.')
  const origin = imported.get(first)
  if (origin === undefined) return null
  const wanted = [...(origin.name === EVERYTHING ? [] : [origin.name]), ...rest].join('.')
  const there = { file: origin.file, name: '', node: from.node }
  // A namespace that is assembled elsewhere exports again what its file has imported.
  return resolve(wanted, there) ?? (rest.length === 0 ? null : resolve(rest.join('.'), there))
}
