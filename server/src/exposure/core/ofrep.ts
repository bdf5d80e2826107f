import type { Question } from './ask.ts'

/*
 * What OFREP's clients send: https://github.com/open-feature/protocol, version 0.3.0 of its description. The context may
 * hold anything; only what a launch looks at is read.
 */

export type OfrepCode = 'PARSE_ERROR' | 'INVALID_CONTEXT' | 'TARGETING_KEY_MISSING' | 'FLAG_NOT_FOUND'

export type OfrepProblem = { readonly errorCode: OfrepCode; readonly errorDetails: string }

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parse = (text: string | null): unknown => {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

const capitals = (value: unknown, pattern: RegExp): string | null => {
  if (typeof value !== 'string') return null
  const upper = value.toUpperCase()
  return pattern.test(upper) ? upper : null
}

const readAmount = (value: unknown): bigint | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null

/**
 * The question of a request's body. Attributes that a launch does not know are left alone: the protocol says so. Without a
 * targetingKey, which the protocol requires, there is no answer; an empty one tells nobody apart, which is the control.
 */
export const readQuestion = (text: string | null): Question | OfrepProblem => {
  const body = parse(text)
  if (body === undefined) return { errorCode: 'PARSE_ERROR', errorDetails: 'The body is not JSON in UTF-8.' }
  const context = isFields(body) ? body['context'] : undefined
  if (!isFields(context)) {
    return {
      errorCode: 'INVALID_CONTEXT',
      errorDetails: 'The body must be an object with an object "context".',
    }
  }
  const key = Object.hasOwn(context, 'targetingKey') ? context['targetingKey'] : undefined
  if (key === undefined || key === null) {
    return {
      errorCode: 'TARGETING_KEY_MISSING',
      errorDetails: 'The context needs a targetingKey: whom the feature tells apart.',
    }
  }
  if (typeof key !== 'string')
    return { errorCode: 'INVALID_CONTEXT', errorDetails: 'The targetingKey must be a text.' }
  return {
    unit: key === '' ? null : key,
    country: capitals(context['country'], /^[A-Z]{2}$/),
    currency: capitals(context['currency'], /^[A-Z]{3}$/),
    amount: readAmount(context['amount']),
  }
}

/** Whether a client's If-None-Match names this tag; a weak one is as good, for what is compared is the whole answer. */
export const matchesTag = (ifNoneMatch: string | null, tag: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((each) => {
    const wanted = each.trim().replace(/^W\//, '')
    return wanted === '*' || wanted === tag || `"${wanted}"` === tag
  })
