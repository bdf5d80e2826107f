import { MICROS_PER_DAY, MICROS_PER_SECOND, type Micros, parseDay, showDay } from '../../kit/index.ts'

const PATTERN =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)$/i
const MICROS_DIGITS = 6
const SECONDS_PER_MINUTE = 60n
const SECONDS_PER_HOUR = 3_600n

const offsetSeconds = (zone: string): bigint | null => {
  const found = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (found === null) return 0n
  const [, sign, hours = '0', minutes = '0'] = found
  if (Number(hours) > 15 || Number(minutes) > 59) return null
  const seconds = BigInt(hours) * SECONDS_PER_HOUR + BigInt(minutes) * SECONDS_PER_MINUTE
  return sign === '-' ? -seconds : seconds
}

/**
 * A moment as people, our manifests and PostgreSQL write it: `2026-11-23T02:10:11.123456Z`, with a blank for the T, without
 * seconds, or with an offset such as +01:00. Null where it is none, and where it names no zone: a moment that is an hour off
 * is another state of the books.
 */
export const parseMoment = (text: string): Micros | null => {
  const found = PATTERN.exec(text.trim())
  if (found === null) return null
  const [, dayText = '', hours = '', minutes = '', seconds = '0', fraction = '', zone = ''] = found
  const day = parseDay(dayText)
  const offset = offsetSeconds(zone)
  if (day === null || offset === null) return null
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
  const ofDay = BigInt(hours) * SECONDS_PER_HOUR + BigInt(minutes) * SECONDS_PER_MINUTE + BigInt(seconds)
  // What is finer than PostgreSQL's clock is cut off: `date` writes nine digits.
  const micros = BigInt(fraction.padEnd(MICROS_DIGITS, '0').slice(0, MICROS_DIGITS))
  return BigInt(day) * MICROS_PER_DAY + (ofDay - offset) * MICROS_PER_SECOND + micros
}

const two = (number: bigint): string => String(number).padStart(2, '0')

const clockOf = (micros: Micros): { readonly day: string; readonly time: string } => {
  const day = micros / MICROS_PER_DAY
  const rest = micros - day * MICROS_PER_DAY
  const seconds = rest / MICROS_PER_SECOND
  const fraction = String(rest % MICROS_PER_SECOND).padStart(MICROS_DIGITS, '0')
  const [hour, minute] = [seconds / SECONDS_PER_HOUR, (seconds % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE]
  return {
    day: showDay(Number(day)),
    time: `${two(hour)}:${two(minute)}:${two(seconds % SECONDS_PER_MINUTE)}.${fraction}`,
  }
}

/** 2026-11-23T02:10:11.123456Z, which `--to` reads as it is. */
export const showMoment = (micros: Micros): string => {
  const { day, time } = clockOf(micros)
  return `${day}T${time}Z`
}

/** 2026-11-23 02:10:11.123456+00: where a setting is read before the names of zones are known, only numbers are understood. */
export const momentForPostgres = (micros: Micros): string => {
  const { day, time } = clockOf(micros)
  return `${day} ${time}+00`
}
