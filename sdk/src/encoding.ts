/** Parameters as the API names them; nested as deep as it needs. Integers may be bigints of up to 2^53 - 1. */
export type Params = { readonly [name: string]: unknown }

/** A JSON text that is sent as it is, so that numbers keep every digit that somebody wrote. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What a request carries: parameters, a form that is written already, or a JSON text that is. */
export type Payload = Params | URLSearchParams | JsonText

type Scalar = string | number | bigint | boolean

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  typeof value === 'boolean'

const append = (form: URLSearchParams, name: string, value: unknown): void => {
  if (value === undefined) return
  if (value === null) form.append(name, '')
  else if (isScalar(value)) form.append(name, String(value))
  else if (Array.isArray(value))
    value.forEach((item, at) => {
      append(form, isScalar(item) ? `${name}[]` : `${name}[${at}]`, item)
    })
  else if (typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) append(form, `${name}[${key}]`, inner)
  else throw new TypeError(`The parameter ${name} cannot be sent: it is a ${typeof value}.`)
}

/** created: { gte: 1 } becomes created[gte]=1, and expand: ['a', 'b'] becomes expand[]=a and expand[]=b. */
export const toForm = (params: Params): URLSearchParams => {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) append(form, name, value)
  return form
}

/** An amount that JSON would round is refused here, before it is sent. */
const exact = (name: string, value: unknown): unknown => {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RangeError(`The parameter ${name} is beyond 2^53 - 1, where JSON is not exact.`)
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  if (!Number.isSafeInteger(number))
    throw new RangeError(`The parameter ${name} is beyond 2^53 - 1, where JSON is not exact.`)
  return number
}

export const toJson = (params: Params): string => JSON.stringify(params, exact)
