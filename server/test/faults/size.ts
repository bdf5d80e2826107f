/** How much of everything: what CI waits for, and what is asked for by name. */
export type Size = 'ci' | 'full'

export const testSize = (otherwise: Size = 'ci'): Size => {
  const size = process.env['EVENKEEL_TEST_SIZE'] ?? otherwise
  if (size === 'ci' || size === 'full') return size
  throw new Error(`EVENKEEL_TEST_SIZE is "${size}"; it must be "ci" or "full".`)
}

/** A run is done in rounds: each has a journal of its own, and after each everything is compared and verified. */
export type Amount = { readonly rounds: number; readonly perRound: number }

const amount = (rounds: number, perRound: number): Amount => ({ rounds, perRound })

export const AMOUNTS = {
  ci: {
    serverKills: amount(1, 8),
    postgresKills: amount(1, 4),
    backendKills: amount(1, 2),
    stops: amount(1, 2),
    cuts: amount(1, 6),
    commitKills: amount(1, 2),
    twoServers: amount(1, 2),
    storms: amount(1, 70),
    overdraws: amount(1, 60),
    stages: amount(1, 5),
    payments: amount(1, 2),
    powerCuts: amount(1, 1),
    fullDisks: amount(1, 2),
    clockJumps: amount(1, 5),
  },
  full: {
    serverKills: amount(10, 20),
    postgresKills: amount(10, 10),
    backendKills: amount(4, 10),
    stops: amount(6, 5),
    cuts: amount(10, 30),
    commitKills: amount(5, 12),
    twoServers: amount(6, 20),
    storms: amount(20, 490),
    overdraws: amount(10, 500),
    stages: amount(10, 10),
    payments: amount(6, 20),
    powerCuts: amount(10, 4),
    fullDisks: amount(3, 10),
    clockJumps: amount(6, 10),
  },
} as const satisfies Readonly<Record<Size, Readonly<Record<string, Amount>>>>

export type RunName = keyof (typeof AMOUNTS)['ci']
