// What the declarations say about events: the envelope, and which object each type carries.

import { childOf, childrenOf, type Declaration, fileOf, nameOf, resolve, wordOf } from './declarations.ts'
import type { Definitions } from './definitions.ts'

const FILE = 'resources/Events.d.ts'

const memberOf = (declaration: Declaration | undefined, key: string) => {
  if (declaration?.node.type !== 'TSInterfaceDeclaration') return null
  const members = childrenOf(childOf(declaration.node, 'body'), 'body')
  const found = members.find(
    (member) => member.type === 'TSPropertySignature' && nameOf(childOf(member, 'key')) === key,
  )
  return found === undefined ? null : childOf(found, 'typeAnnotation', 'typeAnnotation')
}

/** The envelope, described under its name. */
export const describeEnvelope = (definitions: Definitions): void => {
  const base = fileOf(FILE).declared.get('EventBase')
  if (base === undefined) throw new Error('the envelope of events is not declared')
  definitions.describe(base)
}

/** The object that each type of event carries: charge.captured carries a Charge. */
export const eventObjects = (): Record<string, string> => {
  const { declared } = fileOf(FILE)
  const found = [...declared.values()].flatMap((declaration): [string, string][] => {
    if (!declaration.name.endsWith('Event') || declaration.name.includes('.')) return []
    const type = memberOf(declaration, 'type')
    const object = memberOf(declared.get(`${declaration.name}.Data`), 'object')
    if (type?.type !== 'TSLiteralType' || object === null) return []
    const carried =
      object.type === 'TSTypeReference'
        ? (resolve(nameOf(childOf(object, 'typeName')), declaration)?.name ??
          nameOf(childOf(object, 'typeName')))
        : 'unknown'
    return [[wordOf(childOf(type, 'literal'), 'value'), carried]]
  })
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)))
}
