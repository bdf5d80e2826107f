import { ECHO_LIMIT } from './limits.ts'
import { nearest } from './near.ts'
import { bracketed, Problem } from './problem.ts'
import type { DoorCode } from './reasons.ts'

type Say = (param: string) => string

/**
 * What is wrong with one value, on its way up to the whole: each level that it passes adds its key.
 * A class for the same reason as Problem: no value that is read can be mistaken for it.
 */
export class Trouble {
  readonly code: DoorCode
  readonly say: Say
  readonly path: string[] = []

  constructor(code: DoorCode, say: Say) {
    this.code = code
    this.say = say
  }

  under(key: string): Trouble {
    this.path.unshift(key)
    return this
  }

  problem(): Problem {
    const param = bracketed(this.path)
    return new Problem(this.code, this.say(param), param === '' ? null : param)
  }
}

/** What a message repeats of a value: enough to recognise it, never a whole document. */
const echo = (value: unknown): string => {
  if (typeof value === 'string') return value.length > ECHO_LIMIT ? `${value.slice(0, ECHO_LIMIT)}…` : value
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

const listed = (values: readonly unknown[]): string => {
  const texts = values.map(String)
  if (texts.length < 2) return texts.join('')
  return texts.length === 2 ? texts.join(' or ') : `${texts.slice(0, -1).join(', ')}, or ${texts.at(-1)}`
}

/** Stripe's codes and Stripe's wording where Stripe has them; the rest follow their style. */
export const troubles = {
  unknown: (key: string, names: Iterable<string>): Trouble => {
    const near = nearest(key, names)
    const hint = near === null ? '' : `. Did you mean ${near}?`
    const name = (param: string): string => (param.length > 200 ? `${param.slice(0, 200)}…` : param)
    return new Trouble(
      'parameter_unknown',
      (param) => `Received unknown parameter: ${name(param)}${hint}`,
    ).under(key)
  },
  missing: (key: string): Trouble =>
    new Trouble('parameter_missing', (param) => `Missing required param: ${param}.`).under(key),
  empty: (): Trouble =>
    new Trouble(
      'parameter_invalid_empty',
      (param) =>
        `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`,
    ),
  exclusive: (names: readonly string[]): Trouble =>
    new Trouble(
      'parameters_exclusive',
      () => `Received both ${names.join(' and ')} parameters. Please pass in only one.`,
    ).under(names[0] ?? ''),
  integer: (value: unknown): Trouble =>
    new Trouble(
      'parameter_invalid_integer',
      (param) => `Invalid integer: ${echo(value)}; ${param} takes a whole number.`,
    ),
  below: (least: number): Trouble =>
    new Trouble(
      'parameter_invalid_integer',
      (param) => `Invalid integer: ${param} must be greater than or equal to ${least}.`,
    ),
  above: (most: number): Trouble =>
    new Trouble(
      'parameter_invalid_integer',
      (param) => `Invalid integer: ${param} must be less than or equal to ${most}.`,
    ),
  boolean: (value: unknown): Trouble =>
    new Trouble(
      'parameter_invalid_boolean',
      (param) => `Invalid boolean: ${echo(value)}; ${param} takes true or false.`,
    ),
  string: (value: unknown): Trouble =>
    new Trouble('parameter_invalid_string', (param) => `Invalid string: ${param} was ${echo(value)}.`),
  short: (least: number): Trouble =>
    new Trouble(
      'parameter_invalid_string',
      (param) => `Invalid string: ${param} must be at least ${least} characters.`,
    ),
  long: (most: number): Trouble =>
    new Trouble(
      'parameter_invalid_string',
      (param) => `Invalid string: ${param} must be at most ${most} characters.`,
    ),
  pattern: (value: unknown, expected: string): Trouble =>
    new Trouble(
      'parameter_invalid_string',
      (param) => `Invalid ${param}: ${echo(value)}; it must be ${expected}.`,
    ),
  choice: (value: unknown, choices: readonly unknown[]): Trouble =>
    new Trouble(
      'parameter_invalid_choice',
      (param) =>
        `Invalid ${param}: ${echo(value)}; it must be ${choices.length > 1 ? 'one of ' : ''}${listed(choices)}.`,
    ),
  array: (value: unknown): Trouble =>
    new Trouble('parameter_invalid_array', (param) => `Invalid array: ${param} was ${echo(value)}.`),
  few: (least: number): Trouble =>
    new Trouble('parameter_invalid_array', (param) => `Invalid array: ${param} must hold at least ${least}.`),
  many: (most: number): Trouble =>
    new Trouble('parameter_invalid_array', (param) => `Invalid array: ${param} can hold at most ${most}.`),
  indexes: (): Trouble =>
    new Trouble(
      'parameter_invalid_array',
      (param) => `Invalid array: the indexes of ${param} must count from 0 without gaps.`,
    ),
  object: (value: unknown): Trouble =>
    new Trouble('parameter_invalid_object', (param) => `Invalid object: ${param} was ${echo(value)}.`),
  keys: (most: number): Trouble =>
    new Trouble(
      'parameter_invalid_object',
      (param) => `Invalid object: ${param} can hold at most ${most} keys.`,
    ),
  key: (key: string, most: number): Trouble =>
    new Trouble(
      'parameter_invalid_object',
      (param) =>
        `Invalid object: the key ${echo(key)} of ${param} must be 1 to ${most} characters without brackets.`,
    ),
} as const
