/*
 * Who may do what to a launch. Whatever raises exposure or lets it be raised takes a person of business or technology;
 * whatever lowers it, or goes no further, takes next to nothing.
 *
 * | | key | business, technology | operator | viewer |
 * |---|---|---|---|---|
 * | create, edit | yes | yes | – | – |
 * | hold, roll back | yes | yes | yes | – |
 * | write a risk, open the pre-mortem (its owner) | – | yes | yes | – |
 * | sign, approve, waive, start, resume, abandon, reopen | – | yes | – | – |
 */

export type Role = 'business' | 'technology' | 'operator' | 'viewer'

type Right = { readonly key: boolean; readonly roles: readonly Role[] }

const DECIDERS: readonly Role[] = ['business', 'technology']
const WORKERS: readonly Role[] = [...DECIDERS, 'operator']

const WRITE: Right = { key: true, roles: DECIDERS }
const STOP: Right = { key: true, roles: WORKERS }
const THINK: Right = { key: false, roles: WORKERS }
const DECIDE: Right = { key: false, roles: DECIDERS }

export const RIGHTS = {
  create: WRITE,
  edit: WRITE,
  hold: STOP,
  roll_back: STOP,
  write_risk: THINK,
  open_premortem: THINK,
  sign: DECIDE,
  approve: DECIDE,
  waive: DECIDE,
  start: DECIDE,
  resume: DECIDE,
  abandon: DECIDE,
  reopen: DECIDE,
} as const satisfies Readonly<Record<string, Right>>

export type RightName = keyof typeof RIGHTS

/** Null where it is allowed; `role` is null of a program's key. */
export const whyForbidden = (
  right: RightName,
  role: Role | null,
): 'person_required' | 'launch_role_wrong' | null => {
  const { key, roles }: Right = RIGHTS[right]
  if (role === null) return key ? null : 'person_required'
  return roles.includes(role) ? null : 'launch_role_wrong'
}
