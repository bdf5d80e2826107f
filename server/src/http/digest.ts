import { hash } from 'node:crypto'

const FEW = 16

/** The keys of an object in order. Most objects have a handful, which a plain insertion sorts fastest. */
const sortedKeys = (fields: object): string[] => {
  const keys = Object.keys(fields)
  if (keys.length > FEW) return keys.sort()
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? ''
    let j = i - 1
    for (; j >= 0; j--) {
      const before = keys[j] ?? ''
      if (before <= key) break
      keys[j + 1] = before
    }
    keys[j + 1] = key
  }
  return keys
}

/**
 * One text for one value, however the keys of its objects were ordered. Texts carry their length instead of quotation
 * marks, so that no two values share a text and nothing has to be escaped.
 */
const canonical = (value: unknown): string => {
  if (typeof value === 'string') return `s${value.length}:${value}`
  if (typeof value === 'number') return `n${value};`
  if (typeof value !== 'object' || value === null) return `${value};`
  if (Array.isArray(value)) {
    let list = '['
    for (const item of value as readonly unknown[]) list += canonical(item)
    return `${list}]`
  }
  const fields = value as Readonly<Record<string, unknown>>
  let text = '{'
  for (const key of sortedKeys(fields)) text += `${key.length}:${key}${canonical(fields[key])}`
  return `${text}}`
}

/**
 * What makes two requests the same one under an idempotency key: method, path and parameters as they were sent,
 * sorted, before any default. A form and a JSON body of the same parameters are two different requests.
 */
export const digestOf = (method: string, path: string, query: unknown, body: unknown): Buffer => {
  const text = `${method} ${path}\n${canonical(query)}\n${canonical(body)}`
  // By way of a string: a buffer straight out of the hash takes twice the time.
  return Buffer.from(hash('sha256', text, 'binary'), 'binary')
}
