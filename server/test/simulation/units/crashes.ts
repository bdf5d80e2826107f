import type { Commit } from '../../../src/database/index.ts'
import type { Rail } from '../../../src/rails/index.ts'

/** Thrown where a process would be gone. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** The number of the call, to a commit or the rail, at which the process dies: before it is made, or after it was done. */
export type CrashAt = { readonly call: number; readonly side: 'before' | 'after' }

/** One process, which dies at a chosen await. Nothing that it had begun goes on after that. */
export type Process = {
  readonly start: (crashAt: CrashAt | null) => void
  readonly isDead: () => boolean
  readonly commit: (commit: Commit) => Commit
  readonly rail: (rail: Rail) => Rail
}

export const createProcess = (onDead: () => void): Process => {
  let crashAt: CrashAt | null = null
  let calls = 0
  let dead = false
  const die = (): never => {
    dead = true
    onDead()
    throw new Crash('the process is gone')
  }
  const through = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    if (dead) return die()
    calls += 1
    const isHere = crashAt?.call === calls
    if (isHere && crashAt?.side === 'before') return die()
    const value = await call()
    if (isHere || dead) return die()
    return value
  }
  return {
    start: (at) => {
      crashAt = at
      calls = 0
      dead = false
    },
    isDead: () => dead,
    commit: (commit) => ({
      submit: (unit) => through(() => commit.submit(unit)),
      waiting: () => commit.waiting(),
      observe: (observer) => commit.observe(observer),
      drain: () => commit.drain(),
    }),
    rail: (rail) => ({
      ...rail,
      authorise: (order) => through(() => rail.authorise(order)),
      capture: (order) => through(() => rail.capture(order)),
      void: (order) => through(() => rail.void(order)),
      refund: (order) => through(() => rail.refund(order)),
      enquire: (tenant, reference) => through(() => rail.enquire(tenant, reference)),
    }),
  }
}
