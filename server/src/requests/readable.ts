import { refusalReply } from '../http/index.ts'
import { currencyOf, isMoney, type MoneyCurrency, parseId, type Reply, type Uuid } from '../kit/index.ts'

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

export const readMoneyCurrency = (text: string, param: string): MoneyCurrency => {
  const currency = currencyOf(text.toUpperCase())
  if (currency !== null && isMoney(currency)) return currency
  throw new Unreadable(
    'currency_unknown',
    param,
    `Invalid currency: ${param} must be a currency of ISO 4217, such as eur.`,
  )
}
