import { assert } from '../../kit/index.ts'

/**
 * The card rails of a sandbox. They share one engine, one vault of cards and the same tables, and nothing else: an order,
 * and all that comes of it, belongs to the rail that got it.
 */
export const SANDBOX_RAILS = ['sandbox-card', 'sandbox-express'] as const
export type SandboxRail = (typeof SANDBOX_RAILS)[number]

/** Where payments go that nobody routes; it had the tables to itself, so its keys are our references as they are. */
export const FIRST_RAIL: SandboxRail = 'sandbox-card'

const OTHERS = SANDBOX_RAILS.filter((rail) => rail !== FIRST_RAIL)

/** Whose order stands under a key of the tables. */
export const railOfKey = (key: string): SandboxRail =>
  OTHERS.find((rail) => key.startsWith(`${rail} `)) ?? FIRST_RAIL

/**
 * What an order of the rail is called in the tables: two rails may get the same reference, and the tables’ keys have no
 * rail in them (the release before this one knows none).
 */
export const keyOf = (rail: SandboxRail, reference: string): string => {
  assert(railOfKey(reference) === FIRST_RAIL, 'a reference does not begin with the name of a rail')
  return rail === FIRST_RAIL ? reference : `${rail} ${reference}`
}

/** The reference that we sent: what is told and shown. */
export const referenceOfKey = (key: string): string => {
  const rail = railOfKey(key)
  return rail === FIRST_RAIL ? key : key.slice(rail.length + 1)
}

/** What its settlements' names begin with: those of two rails never have one name. */
export const settlementsOf = (rail: SandboxRail): string =>
  rail === FIRST_RAIL ? 'sbxset' : `sbxset_${rail.replace('sandbox-', '')}`

export const isSandboxRail = (name: string): name is SandboxRail =>
  SANDBOX_RAILS.some((rail) => rail === name)
