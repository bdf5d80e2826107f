const SECRET = /(_secret_)[0-9a-f]{32}/g

type Object = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const hidden = (value: unknown): unknown => {
  if (typeof value === 'string')
    return value.includes('_secret_') ? value.replaceAll(SECRET, '$1hidden') : value
  return isObject(value) ? withoutSecrets(value) : value
}

/**
 * An object as events tell of it. A client_secret is for the one customer whose payment it is: events are kept for long,
 * and are told to whoever listens. It is null here, and hidden in the addresses that bring a customer back.
 */
export const withoutSecrets = (object: Object): Object => {
  const told: Record<string, unknown> = {}
  for (const name of Object.keys(object)) told[name] = name === 'client_secret' ? null : hidden(object[name])
  return told
}
