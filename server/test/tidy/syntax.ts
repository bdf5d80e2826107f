import type { Node } from 'oxc-parser'
import type { Law } from '../architecture/house.ts'
import { sourcesOf } from '../architecture/source.ts'

/** What the house does not write, and what it writes instead. */
const advice = (node: Node): string | null => {
  switch (node.type) {
    case 'TSAnyKeyword':
      return 'any switches the checker off: take unknown, and parse it at the door'
    case 'TSNonNullExpression':
      return '! hides the missing value: handle it, or assert() with a sentence that says why it cannot be'
    case 'TSEnumDeclaration':
      return 'Node does not run enums: write a union of strings or an object "as const"'
    case 'TSParameterProperty':
      return 'Node does not run parameter properties: declare the field and assign it'
    case 'TSModuleDeclaration':
      return node.kind === 'namespace' ? 'Node does not run namespaces: a file is the namespace' : null
    case 'ExportDefaultDeclaration':
      return 'a default export has another name in every file: export it by its name'
    default:
      return null
  }
}

const SUPPRESSION = /@ts-(?:ignore|nocheck)/

/** Erasable syntax, named exports, and nothing that silences the checker. */
export const syntax: Law = (house) =>
  sourcesOf(house).flatMap(({ path, pieces, comments }) => [
    ...pieces.flatMap(({ node, line }) => {
      const message = advice(node)
      return message === null ? [] : [{ path, line, message }]
    }),
    ...comments
      .filter(({ value }) => SUPPRESSION.test(value))
      .map(({ line }) => ({ path, line, message: 'silences the checker: mend the type instead' })),
  ])
