import type { DocumentNode, OperationNode, ParameterNode, SchemaNode } from './document.ts'
import { resolve } from './document.ts'
import { type Field, fieldsOf, showFields } from './fields.ts'
import { element, name, text } from './markup.ts'
import { STYLE } from './style.ts'

type Operation = { readonly path: string; readonly verb: string; readonly node: OperationNode }

const JSON_TYPE = 'application/json'

const operationsOf = (document: DocumentNode): Operation[] =>
  Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, node]) => ({ path, verb, node })),
  )

/** payment_intents → Payment intents */
const titleOf = (tag: string): string => {
  const words = tag.replaceAll(/[_.]/g, ' ')
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}

const groupOf = ({ path, node }: Operation): string => {
  const [, , first = '', second = ''] = path.split('/')
  const isShared = first === 'ledger' || first === 'test_helpers'
  return isShared && !second.startsWith('{') && second !== '' ? `${first} ${second}` : (node.tags[0] ?? first)
}

const bodySchema = ({ node }: Operation): SchemaNode | null =>
  node.requestBody?.content[JSON_TYPE]?.schema ?? null

const section = (title: string, inner: string): string =>
  inner === '' ? '' : `${element('h4', title)}${inner}`

const parametersIn = (document: DocumentNode, operation: Operation, where: string): string => {
  const isShown = (parameter: ParameterNode): boolean => parameter.in === where
  const fields = (operation.node.parameters ?? []).filter(isShown).map(
    ({ name: label = '', schema = {}, description, required }): Field => ({
      label,
      node: description === undefined ? schema : { ...schema, description },
      isRequired: required === true && where !== 'path',
    }),
  )
  return fields.length === 0 ? '' : showFields(document, fields)
}

const bodyOf = (document: DocumentNode, operation: Operation): string => {
  const schema = bodySchema(operation)
  if (schema === null) return ''
  const fields = fieldsOf(resolve(document, schema).node, true)
  return fields.length === 0 ? '' : showFields(document, fields)
}

const answerOf = (document: DocumentNode, { node }: Operation): string => {
  const schema = node.responses['200']?.content?.[JSON_TYPE]?.schema
  if (schema === undefined) return ''
  const { node: found, title } = resolve(document, schema)
  const fields = fieldsOf(found, false)
  if (fields.length === 0) return ''
  const label = title === null ? 'What comes back' : `What comes back: ${title}`
  return element('details', `${element('summary', text(label))}${showFields(document, fields, 2)}`)
}

const errorsOf = ({ node }: Operation): string => {
  const codes = Object.entries(node.responses).flatMap(([status, { description }]) =>
    Number(status) < 400 ? [] : description.split(', ').filter((code) => /^[a-z][a-z0-9_]*$/.test(code)),
  )
  if (codes.length === 0) return ''
  const links = codes.map((code) => element('a', name(code), { href: `/errors#${code}` }))
  return element(
    'details',
    `${element('summary', codes.length === 1 ? '1 error code' : `${codes.length} error codes`)}${element('p', links.join(' '), { class: 'codes' })}`,
  )
}

const formLines = (value: unknown, place: string): string[] => {
  if (Array.isArray(value)) return value.flatMap((each, at) => formLines(each, `${place}[${at}]`))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, each]) =>
      formLines(each, place === '' ? key : `${place}[${key}]`),
    )
  }
  return [`  -d "${place}=${String(value)}"`]
}

const curlOf = (operation: Operation): string => {
  const { path, verb, node } = operation
  const method = verb === 'get' || verb === 'post' ? '' : ` -X ${verb.toUpperCase()}`
  const example = node.requestBody?.content[JSON_TYPE]?.example
  const lines = [
    `curl${method} "$EVENKEEL_URL${path}"`,
    '  -u "$EVENKEEL_KEY:"',
    ...formLines(example ?? {}, ''),
  ]
  const isEmptyPost = verb === 'post' && example === undefined
  return [...lines, ...(isEmptyPost ? ['  -X POST'] : [])].join(' \\\n')
}

const show = (document: DocumentNode, operation: Operation): string => {
  const { path, verb, node } = operation
  const call = `${element('span', verb.toUpperCase(), { class: `verb ${verb}` })}${name(path)}`
  const header = element(
    'header',
    `${element('h3', element('a', text(node.summary), { href: `#${node.operationId}` }))}${element('p', call, { class: 'call' })}${element('p', text(node.description), { class: 'lead' })}`,
  )
  const permission = node['x-permission']
  const left = [
    section('In the path', parametersIn(document, operation, 'path')),
    section('Query', parametersIn(document, operation, 'query')),
    section('Parameters', bodyOf(document, operation)),
    section('Answer', answerOf(document, operation)),
    section('Errors', errorsOf(operation)),
  ].join('')
  const right = `${section('Request', element('pre', element('code', text(curlOf(operation)))))}${
    permission === undefined ? '' : section('Needs', element('p', `${name(permission)} of a restricted key`))
  }`
  return element('article', `${header}${element('div', left)}${element('div', right)}`, {
    id: node.operationId,
  })
}

const anchorOf = (group: string): string => `group-${group.replaceAll(/[^a-z0-9]+/g, '-')}`

const navigation = (groups: ReadonlyMap<string, readonly Operation[]>): string => {
  const parts = [...groups].map(([group, operations]) => {
    const items = operations.map(({ node }) =>
      element('li', element('a', text(node.summary), { href: `#${node.operationId}` })),
    )
    const title = element('a', text(titleOf(group)), { href: `#${anchorOf(group)}` })
    return `${element('h2', title)}${element('ul', items.join(''))}`
  })
  return element('nav', parts.join(''), { 'aria-label': 'Operations' })
}

/** The API reference as one page, made of the OpenAPI document alone: no script, no network. */
export const referencePage = (document: DocumentNode): string => {
  const groups = Map.groupBy(operationsOf(document), groupOf)
  const { title, version, description } = document.info
  const intro = `${element('h1', `${text(title)} API`)}${element('p', `${text(description)} Version ${text(version)}. The same as a machine reads it: <a href="/openapi.json">openapi.json</a>. All error codes: <a href="/errors">errors</a>.`, { class: 'lead' })}`
  const sections = [...groups].map(([group, operations]) =>
    element(
      'section',
      `${element('h2', text(titleOf(group)), { id: anchorOf(group) })}${operations.map((each) => show(document, each)).join('')}`,
    ),
  )
  const body = `<a class="skip" href="#content">To the content</a><div class="frame">${navigation(groups)}${element('main', `${intro}${sections.join('')}`, { id: 'content' })}</div>`
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(title)} API reference</title><style>${STYLE}</style></head><body>${body}</body></html>`
}
