import type { Reasons } from '../../kit/index.ts'
import { PEOPLE_MOST, PERSON_NAME_CHARS } from '../limits.ts'
import { PERSON_ROLES } from './model.ts'

/** Why something about people is refused, in order of precedence. `{}` stands for what was given. */
export const peopleReasons = {
  person_name_invalid: {
    kind: 'invalid',
    message: `A person's name is one line of 1 to ${PERSON_NAME_CHARS} characters, such as "Ada Lovelace".`,
    param: 'name',
  },
  person_role_unknown: {
    kind: 'invalid',
    message: `"{}" is no role: take ${PERSON_ROLES.join(', ')}.`,
    param: 'role',
  },
  person_tenant_missing: {
    kind: 'not_found',
    message: 'There is no tenant "{}": "evenkeel sandboxes list" shows those that are there.',
    param: 'tenant',
  },
  person_exists: {
    kind: 'precondition',
    message: '"{}" is there already: a person has one record. "evenkeel people key" gives a new key.',
    param: 'name',
  },
  people_too_many: {
    kind: 'precondition',
    message: `The tenant "{}" has ${PEOPLE_MOST} people already: remove one who is not there any more.`,
  },
  person_missing: {
    kind: 'not_found',
    message: 'There is no person "{}": "evenkeel people list" shows the ids of those that are there.',
    param: 'id',
  },
  person_removed: {
    kind: 'precondition',
    message: '"{}" was removed, and a removed person does not come back: add a new one.',
    param: 'id',
  },
} as const satisfies Reasons

export type PeopleReason = keyof typeof peopleReasons

export type Refused = { readonly ok: false; readonly code: string; readonly message: string }

const ECHO_CHARS = 60

const echo = (given: string): string => {
  const line = given.replaceAll(/\p{Cc}/gu, ' ')
  return line.length > ECHO_CHARS ? `${line.slice(0, ECHO_CHARS)}…` : line
}

export const refuse = (code: PeopleReason, given = ''): Refused => ({
  ok: false,
  code,
  message: peopleReasons[code].message.replace('{}', () => echo(given)),
})
