import { isDeepStrictEqual } from 'node:util'

/** What is wrong with an answer, and where. A suite goes on after it, so that one run shows everything. */
export type Check = {
  /** Each name is a path such as payment_method_details.card.brand, with [0] for items. */
  readonly fields: (what: string, object: unknown, expected: Readonly<Record<string, unknown>>) => void
  readonly equal: (what: string, actual: unknown, expected: unknown) => void
  readonly ok: (what: string, condition: boolean) => void
  readonly matches: (what: string, text: unknown, pattern: RegExp) => void
  /** The call fails, and its error has these fields: type is the SDK's class. */
  readonly refused: (
    what: string,
    call: Promise<unknown>,
    expected: Readonly<Record<string, unknown>>,
  ) => Promise<unknown>
}

export type Tally = { assertions: number; readonly problems: string[] }

export const newTally = (): Tally => ({ assertions: 0, problems: [] })

const show = (value: unknown): string =>
  value === undefined ? 'undefined' : (JSON.stringify(value)?.slice(0, 200) ?? String(value))

/** The value at a path: a.b[0].c */
export const at = (object: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
      object,
    )

export const checkInto = (tally: Tally): Check => {
  const judge = (holds: boolean, problem: () => string): void => {
    tally.assertions += 1
    if (!holds) tally.problems.push(problem())
  }
  const equal: Check['equal'] = (what, actual, expected) =>
    judge(
      isDeepStrictEqual(actual, expected),
      () => `${what}: is ${show(actual)}, expected ${show(expected)}`,
    )
  const fields: Check['fields'] = (what, object, expected) => {
    for (const [path, value] of Object.entries(expected)) {
      const actual = at(object, path)
      if (value instanceof RegExp)
        judge(
          typeof actual === 'string' && value.test(actual),
          () => `${what}: ${path} is ${show(actual)}, expected ${value}`,
        )
      else equal(`${what}: ${path}`, actual, value)
    }
  }
  return {
    equal,
    fields,
    ok: (what, condition) => judge(condition, () => what),
    matches: (what, text, pattern) =>
      judge(
        typeof text === 'string' && pattern.test(text),
        () => `${what}: is ${show(text)}, expected ${pattern}`,
      ),
    refused: async (what, call, expected) => {
      try {
        const answer = await call
        judge(false, () => `${what}: succeeded with ${show(answer)}`)
        return null
      } catch (error) {
        const message = error instanceof Error ? ` (${error.message})` : ''
        const before = tally.problems.length
        fields(what, error, expected)
        if (tally.problems.length > before) tally.problems.push(`${what}: that was${message}`)
        return error
      }
    },
  }
}
