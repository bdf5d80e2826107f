import { missingNamedReply, refusalReply } from '../http/index.ts'
import { currencyOf, isMoney, type MoneyCurrency, parseId, type Reply, type Uuid } from '../kit/index.ts'

const ECHO_LENGTH_MOST = 200

/** What a request says that the schema cannot judge, thrown to the route's one catch and answered as it is. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
  readonly reply: Reply

  constructor(code: string, param: string, message: string) {
    super(message)
    this.reply = refusalReply({ kind: 'invalid', code, param, message })
  }
}

/** Runs a handler, and answers what it could not read. */
export const readable = async <A>(handle: () => A | Promise<A>): Promise<A | Reply> => {
  try {
    return await handle()
  } catch (error) {
    if (error instanceof Unreadable) return error.reply
    throw error
  }
}

export const readId = (prefix: string, text: string, param: string): Uuid => {
  const id = parseId(prefix, text)
  if (id !== null) return id
  throw new Unreadable(
    'parameter_invalid_id',
    param,
    `Invalid id: ${param} must be ${prefix}_ and 32 hexadecimal digits, or a UUID.`,
  )
}

/** Stripe's wording, with its own names of things. */
export const noSuchReply = (noun: string, id: string, param: string): Reply =>
  refusalReply({
    kind: 'not_found',
    code: 'resource_missing',
    message: `No such ${noun}: '${id.slice(0, ECHO_LENGTH_MOST)}'`,
    param,
  })

/** What is no id at all is the id of nothing, as at Stripe. */
class NoSuch extends Unreadable {
  override readonly reply: Reply

  constructor(reply: Reply, param: string) {
    super('resource_missing', param, 'no such object')
    this.reply = reply
  }
}

/** The id in a path: where it cannot be one, there is nothing of that name. */
export const readIdOf = (noun: string, prefix: string, text: string, param: string): Uuid => {
  const id = parseId(prefix, text)
  if (id === null) throw new NoSuch(noSuchReply(noun, text, param), param)
  return id
}

/** The id that a parameter names. */
export const readNamedId = (noun: string, prefix: string, text: string, param: string): Uuid => {
  const id = parseId(prefix, text)
  if (id === null) throw new NoSuch(missingNamedReply(noun, text.slice(0, ECHO_LENGTH_MOST), param), param)
  return id
}

export const readMoneyCurrency = (text: string, param: string): MoneyCurrency => {
  const currency = currencyOf(text.toUpperCase())
  if (currency !== null && isMoney(currency)) return currency
  throw new Unreadable(
    'currency_unknown',
    param,
    `Invalid currency: ${param} must be a currency of ISO 4217, such as eur.`,
  )
}
