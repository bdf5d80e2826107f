type Fields = { readonly [field: string]: unknown }

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const previousOf = (before: Fields, after: Fields): Fields => {
  const previous: Record<string, unknown> = {}
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = before[field]
    const is = after[field]
    if (isSame(was, is)) continue
    previous[field] = isFields(was) && isFields(is) ? previousOf(was, is) : (was ?? null)
  }
  return previous
}

/** Stripe's previous_attributes: of the fields that changed, what they were. Null where nothing changed. */
export const previousAttributes = (before: Fields, after: Fields): Fields | null => {
  const previous = previousOf(before, after)
  return Object.keys(previous).length === 0 ? null : previous
}
