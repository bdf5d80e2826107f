import { userInfo } from 'node:os'
import { type Actor, OPERATOR, PLATFORM } from '../audit/index.ts'

/** A container may run as a user that has no name. */
const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Who makes tenants, keys and people: whoever works at the command line, or the server when it starts. */
export const actorOfProcess = (as: 'server' | 'tool'): Actor =>
  as === 'server' ? PLATFORM('server') : OPERATOR(userName())
