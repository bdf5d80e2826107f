import { type DocumentNode, resolve, type SchemaNode } from './document.ts'
import { element, name, text } from './markup.ts'

/** What is nested deeper is named, not unfolded: objects refer to each other. */
const DEPTH_MOST = 3

const plural = (word: string): string => (word.startsWith('list') ? `${word} of lists` : `list of ${word}`)

const isNull = ({ type }: SchemaNode): boolean => type === 'null'

/** The type in words: integer, string or null, list of objects. */
export const typeOf = (document: DocumentNode, sent: SchemaNode): string => {
  const { node, title } = resolve(document, sent)
  if (title !== null) return title
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.anyOf !== undefined) {
    const words = node.anyOf.filter((each) => !isNull(each)).map((each) => typeOf(document, each))
    const unique = [...new Set(words)].join(' or ')
    return node.anyOf.some(isNull) ? `${unique} or null` : unique
  }
  if (node.type === 'array')
    return plural(node.items === undefined ? 'anything' : typeOf(document, node.items))
  return node.type ?? (node.enum === undefined ? 'anything' : 'string')
}

const choicesOf = (node: SchemaNode): readonly unknown[] => {
  if (node.enum !== undefined) return node.enum
  const constants = (node.anyOf ?? []).map((each) => each.const)
  return constants.length > 1 && constants.every((each) => each !== undefined) ? constants : []
}

const notes = (node: SchemaNode): string => {
  const choices = choicesOf(node)
  const parts = [
    ...(node.description === undefined ? [] : [text(node.description)]),
    ...(choices.length === 0 ? [] : [`One of ${choices.map((each) => name(String(each))).join(', ')}.`]),
    ...(node.default === undefined ? [] : [`If it is not sent: ${name(JSON.stringify(node.default))}.`]),
  ]
  return parts.join(' ')
}

/** The object among what a field may be, if there is one to unfold. */
const insideOf = (document: DocumentNode, sent: SchemaNode): SchemaNode | null => {
  const { node, title } = resolve(document, sent)
  if (title !== null) return null
  if (node.properties !== undefined) return node
  if (node.items !== undefined) return insideOf(document, node.items)
  for (const each of node.anyOf ?? []) {
    const found = insideOf(document, each)
    if (found !== null) return found
  }
  return null
}

export type Field = { readonly label: string; readonly node: SchemaNode; readonly isRequired: boolean }

/** The rows of a list of fields, those of nested objects within them. */
export const showFields = (document: DocumentNode, fields: readonly Field[], depth = 1): string => {
  const rows = fields.map(({ label, node, isRequired }) => {
    const inside = depth < DEPTH_MOST ? insideOf(document, node) : null
    const nested = inside === null ? '' : showObject(document, inside, depth + 1)
    const kind = element('span', text(typeOf(document, node)), { class: 'type' })
    const need = isRequired ? element('span', 'required', { class: 'required' }) : ''
    const said = notes(resolve(document, node).title === null ? node : { ...node })
    const folded =
      nested === ''
        ? ''
        : element('details', `${element('summary', 'its fields')}${nested}`, { class: 'nested' })
    return element('li', `${name(label)} ${kind} ${need}${said === '' ? '' : element('p', said)}${folded}`)
  })
  return element('ul', rows.join(''), { class: 'fields' })
}

export const fieldsOf = (node: SchemaNode, showRequired: boolean): Field[] =>
  Object.entries(node.properties ?? {}).map(([label, child]) => ({
    label,
    node: child,
    isRequired: showRequired && (node.required ?? []).includes(label),
  }))

const showObject = (document: DocumentNode, node: SchemaNode, depth: number): string =>
  showFields(document, fieldsOf(node, false), depth)
