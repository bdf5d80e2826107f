import type { Node } from 'oxc-parser'
import type { Law } from '../architecture/house.ts'
import { isTest, sourcesOf } from '../architecture/source.ts'

const RUNNERS = new Set(['test', 'it', 'describe', 'suite', 't', 'context'])
const SWITCHES = new Set(['skip', 'only', 'todo'])

const nameOf = (node: Node): string => (node.type === 'Identifier' ? node.name : '')

/**
 * A call of skip, only or todo, or one of them among the options. A condition (`{ skip: !isRoot }`) is none: what
 * cannot be tried on this machine is tried on another.
 */
const switchOf = (node: Node): string | null => {
  if (node.type !== 'CallExpression') return null
  const { callee } = node
  if (callee.type === 'MemberExpression' && RUNNERS.has(nameOf(callee.object)))
    return SWITCHES.has(nameOf(callee.property)) ? nameOf(callee.property) : null
  if (!RUNNERS.has(nameOf(callee))) return null
  const options = node.arguments
    .flatMap((argument) => (argument.type === 'ObjectExpression' ? argument.properties : []))
    .filter((property) => property.type === 'Property')
  const found = options.find(({ key, value }) => SWITCHES.has(nameOf(key)) && value.type === 'Literal')
  return found === undefined ? null : nameOf(found.key)
}

/** A test that does not run proves nothing, and one that runs alone hides the others. */
export const runningTests: Law = (house) =>
  sourcesOf(house)
    .filter(({ path }) => isTest(path))
    .flatMap(({ path, pieces }) =>
      pieces.flatMap(({ node, line }) => {
        const found = switchOf(node)
        return found === null
          ? []
          : [{ path, line, message: `switches a test off with "${found}": mend it or delete it` }]
      }),
    )
