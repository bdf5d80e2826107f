// The operations of the SDK's resources: the call in the code, its parameters and its answer in the declarations.

import type { Node } from 'oxc-parser'
import {
  childOf,
  childrenOf,
  descendants,
  fileOf,
  nameOf,
  parseFile,
  resolve,
  wordOf,
} from './declarations.ts'
import type { Definitions } from './definitions.ts'
import type { Operation } from './schema.ts'

const methodsOf = (owner: Node): readonly Node[] =>
  childrenOf(childOf(owner, 'body'), 'body').filter(
    (member) => member.type === 'MethodDefinition' || member.type === 'TSAbstractMethodDefinition',
  )

const classesOf = (statements: readonly Node[]): Node[] =>
  statements.flatMap((statement) =>
    descendants(statement).filter(({ type }) => type === 'ClassDeclaration' || type === 'ClassExpression'),
  )

/** `/v1/refunds/${encodeURIComponent(id)}` is /v1/refunds/{id} */
const pathOf = (node: Node): string => {
  if (node.type === 'Literal') return String(node.value)
  if (node.type !== 'TemplateLiteral') throw new Error(`a path is a ${node.type}`)
  return node.quasis
    .map((piece, index) => {
      const expression = node.expressions[index]
      const name = expression && descendants(expression).findLast(({ type }) => type === 'Identifier')
      return `${piece.value.raw}${name ? `{${wordOf(name, 'name')}}` : ''}`
    })
    .join('')
}

type Call = { readonly name: string; readonly route: string }

const callsOf = (file: string): Call[] =>
  classesOf(parseFile(file.replace(/\.d\.ts$/, '.js')))
    .flatMap(methodsOf)
    .flatMap((method) => {
      const name = nameOf(childOf(method, 'key'))
      return descendants(method).flatMap((node): Call[] => {
        if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return []
        if (nameOf(node.callee.property) !== '_makeRequest') return []
        const [verb, path] = node.arguments
        if (verb?.type !== 'Literal' || path === undefined)
          throw new Error(`${file} ${name} is no known call`)
        return [{ name, route: `${verb.value} ${pathOf(path)}` }]
      })
    })

const ANSWERS: Readonly<Record<string, string>> = {
  ApiListPromise: 'list of ',
  ApiSearchResultPromise: 'search result of ',
  Promise: '',
  Response: '',
}

const answerOf = (type: Node): string => {
  if (type.type === 'TSUnionType') return type.types.map(answerOf).join(' or ')
  const name = nameOf(childOf(type, 'typeName'))
  const prefix = ANSWERS[name]
  if (prefix === undefined) return name
  const [inner] = childrenOf(childOf(type, 'typeArguments'), 'params')
  if (inner === undefined) throw new Error(`${name} of nothing`)
  return prefix + answerOf(inner)
}

/** A union of all events, each with its object: the reader of events sees to it. */
const EVENT = 'Event'

/** Describes all operations of a file, and with them what they take and give. */
export const operationsOf = (file: string, definitions: Definitions): Record<string, Operation> => {
  const calls = callsOf(file)
  const operations: Record<string, Operation> = {}
  for (const owner of fileOf(file).classes) {
    const resource = nameOf(childOf(owner, 'id')).replace(/Resource$/, '')
    const from = { file, name: resource, node: owner }
    for (const method of methodsOf(owner)) {
      const name = nameOf(childOf(method, 'key'))
      const route = calls.find((call) => call.name === name)?.route
      if (route === undefined || operations[route] !== undefined) continue
      const parameter = childrenOf(childOf(method, 'value'), 'params').find(
        (one) => one.type === 'Identifier' && one.name === 'params',
      )
      const declared =
        parameter === undefined
          ? null
          : resolve(nameOf(childOf(parameter, 'typeAnnotation', 'typeAnnotation', 'typeName')), from)
      if (declared !== null) definitions.describe(declared)
      const returns = answerOf(childOf(method, 'value', 'returnType', 'typeAnnotation'))
      for (const answer of returns.replace(/^.* of /, '').split(' or ')) {
        const object = resolve(answer, from)
        if (object !== null && answer !== EVENT) definitions.describe(object)
      }
      operations[route] = { method: `${resource}.${name}`, parameters: declared?.name ?? null, returns }
    }
  }
  return operations
}
