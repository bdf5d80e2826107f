import { setTimeout as sleep } from 'node:timers/promises'
import { REFUSED_PAUSE_MS, REFUSED_ROUNDS } from './limits.ts'
import { sqlstateOf } from './sqlstate.ts'

/** Where to log in: a URL, or what says which to try in turn while a password is being replaced, the likeliest first. */
export type Address = string | (() => readonly [string, ...string[]])

export const firstOf = (address: Address): string => (typeof address === 'string' ? address : address()[0])

const PASSWORD_REFUSED = new Set(['28P01', '28000'])

export const isPasswordRefusal = (error: unknown): boolean => PASSWORD_REFUSED.has(sqlstateOf(error) ?? '')

/**
 * Does the work with the first of them whose password is taken. It may be replaced between two attempts, so all of them
 * are asked for anew and tried again before it is given up.
 */
export const withTaken = async <Value>(
  candidates: () => readonly string[],
  connect: (candidate: string) => Promise<Value>,
): Promise<Value> => {
  for (let round = 1; ; round += 1) {
    const tried = candidates()
    for (const [at, candidate] of tried.entries()) {
      try {
        return await connect(candidate)
      } catch (error) {
        const isLast = round === REFUSED_ROUNDS && at === tried.length - 1
        if (isLast || !isPasswordRefusal(error)) throw error
      }
    }
    await sleep(REFUSED_PAUSE_MS)
  }
}

export const atAddress = async <Value>(
  address: Address,
  connect: (url: string) => Promise<Value>,
): Promise<Value> => (typeof address === 'string' ? connect(address) : withTaken(address, connect))
