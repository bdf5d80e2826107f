import type { RequestContext } from '../http/index.ts'
import type { Actor } from './core/model.ts'

/** Who a request's act is recorded as: the person whose key it is, or the program's key. */
export const actorOf = ({ person, keyId }: Pick<RequestContext, 'person' | 'keyId'>): Actor =>
  person === null
    ? { kind: 'key', id: keyId, name: null, role: null }
    : { kind: 'person', id: person.id, name: person.name, role: person.role }

/** The platform by itself: launches.controller. */
export const PLATFORM = (part: string): Actor => ({ kind: 'platform', id: part, name: null, role: null })

/** Whoever works at the machine's command line, by the name that the operating system knows. */
export const OPERATOR = (user: string): Actor => ({ kind: 'operator', id: user, name: null, role: null })
