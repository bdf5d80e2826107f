import { KEY_NAME_CHARS, SANDBOX_NAME_CHARS } from '../limits.ts'

/** The tenant with real money; there is one, and it is made at the first start. */
export const LIVE_NAME = 'live'
/** The sandbox that is made beside it. */
export const FIRST_SANDBOX_NAME = 'sandbox'

const SANDBOX_NAME = /^[a-z0-9-]+$/
const CONTROL = /\p{Cc}/u

export const isSandboxName = (text: string): boolean =>
  text.length <= SANDBOX_NAME_CHARS && SANDBOX_NAME.test(text)

export const isKeyName = (text: string): boolean =>
  text.trim() !== '' && text.length <= KEY_NAME_CHARS && !CONTROL.test(text)

const ZONE = /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/

/**
 * An IANA time zone, with its capitals put right; null when there is none of that name. An offset such as +01:00 is
 * no zone: it does not know when the summer begins. An alias stays what it is, as Europe/Kyiv should not become Kiev.
 */
export const findTimeZone = (text: string): string | null => {
  if (!ZONE.test(text)) return null
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions()
    return timeZone.toLowerCase() === text.toLowerCase() ? timeZone : text
  } catch {
    return null
  }
}
