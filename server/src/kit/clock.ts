/**
 * The wall clock, in milliseconds since 1970. It rules the machinery: deadlines, leases, time-outs, measured latency.
 * What a customer or a book can see goes by the tenant's clock, which is read with the tenant's head row.
 */
export type WallClock = { readonly now: () => number }

/** The tenant's time: microseconds since 1970, strictly increasing over everything that the tenant records. */
export type Micros = bigint

export const MICROS_PER_SECOND = 1_000_000n
export const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND

/** Whole seconds since 1970, as the API shows times. */
export const secondsOf = (micros: Micros): number => Number(micros / MICROS_PER_SECOND)

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  formats.set(timeZone, made)
  return made
}

/** A calendar day as the number of days since 1970-01-01: compact, comparable, without a time zone. */
export type Day = number

const MILLIS_PER_DAY = 86_400_000

/** The day that a moment falls on in a time zone (an IANA name such as Europe/Prague). */
export const dayOf = (micros: Micros, timeZone: string): Day => {
  if (timeZone === 'UTC') return Number(micros / MICROS_PER_DAY) - (micros % MICROS_PER_DAY < 0n ? 1 : 0)
  const parts = formatOf(timeZone).formatToParts(Number(micros / 1000n))
  const part = (type: string): number => Number(parts.find((p) => p.type === type)?.value)
  return Math.floor(Date.UTC(part('year'), part('month') - 1, part('day')) / MILLIS_PER_DAY)
}

/** 2026-11-22, or null when the text is no such day. Years 0001 to 9999. */
export const parseDay = (text: string): Day | null => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const millis = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(millis)) return null
  const day = Math.floor(millis / MILLIS_PER_DAY)
  return showDay(day) === text && !text.startsWith('0000') ? day : null
}

export const showDay = (day: Day): string => new Date(day * MILLIS_PER_DAY).toISOString().slice(0, 10)
