/** Every bound of a run stands here: how much is done, and for how long at most. */
export type Sizes = {
  readonly accounts: number
  readonly hotAccounts: number
  /** Transfers in one batch. */
  readonly batch: number
  /** Batches that the submitter keeps in the door: one is being committed, the others wait. */
  readonly inFlight: number
  /** Rounds of each benchmark, and how few the clock may leave of them. */
  readonly commitRounds: number
  readonly httpRounds: number
  readonly roundsLeast: number
  /** A round ends after this time, or when what was prepared for it is used up. */
  readonly batchMs: number
  readonly batchesMost: number
  readonly rowLocksMs: number
  readonly rowLocksConnections: number
  readonly httpMs: Readonly<Record<1 | 32 | 256, number>>
  readonly httpRequestsMost: Readonly<Record<1 | 32 | 256, number>>
  readonly httpBatchMs: number
  readonly httpBatchesMost: number
  readonly httpBatchConnections: number
  /** Since the start of the run: after this no further round of the commit, or of HTTP, is begun. */
  readonly commitUntilMs: number
  readonly httpUntilMs: number
  /** Transfers that the long run measures at, beside none. */
  readonly growthLevels: readonly [number, number]
  readonly growthRounds: number
  readonly growthBatches: number
  readonly pagesMs: number
  readonly pagesMost: number
  readonly paymentsRounds: number
  readonly paymentsMs: number
  readonly paymentsMost: number
  readonly paymentsUntilMs: number
  /** Payments that are there when they are read. */
  readonly paymentsFilled: number
  readonly readsMs: number
  readonly readsMost: number
  readonly launchesRounds: number
  readonly launchesMs: number
  /** How many launches the tenant with many has. */
  readonly launchesMany: number
  readonly launchesCustomers: number
  /** How long after a round its webhooks may take to come. */
  readonly webhooksMostMs: number
}

export const DEFAULT_SIZES: Sizes = {
  accounts: 100_000,
  hotAccounts: 100,
  batch: 8_000,
  inFlight: 3,
  commitRounds: 5,
  httpRounds: 4,
  roundsLeast: 2,
  batchMs: 2_000,
  batchesMost: 20,
  rowLocksMs: 1_500,
  rowLocksConnections: 32,
  httpMs: { 1: 800, 32: 1_200, 256: 2_500 },
  httpRequestsMost: { 1: 8_000, 32: 40_000, 256: 80_000 },
  httpBatchMs: 2_000,
  httpBatchesMost: 12,
  httpBatchConnections: 2,
  commitUntilMs: 55_000,
  httpUntilMs: 88_000,
  growthLevels: [1_000_000, 10_000_000],
  growthRounds: 9,
  growthBatches: 6,
  pagesMs: 3_000,
  pagesMost: 10_000,
  paymentsRounds: 3,
  paymentsMs: 2_500,
  paymentsMost: 12_000,
  paymentsUntilMs: 125_000,
  paymentsFilled: 1_000_000,
  readsMs: 1_500,
  readsMost: 20_000,
  launchesRounds: 24,
  launchesMs: 2_000,
  launchesMany: 100,
  launchesCustomers: 200,
  webhooksMostMs: 20_000,
}

/** For trying out that it runs: the figures mean nothing. */
export const QUICK_SIZES: Sizes = {
  accounts: 2_000,
  hotAccounts: 20,
  batch: 500,
  inFlight: 3,
  commitRounds: 2,
  httpRounds: 2,
  roundsLeast: 1,
  batchMs: 150,
  batchesMost: 6,
  rowLocksMs: 150,
  rowLocksConnections: 8,
  httpMs: { 1: 100, 32: 100, 256: 200 },
  httpRequestsMost: { 1: 200, 32: 1_000, 256: 3_000 },
  httpBatchMs: 150,
  httpBatchesMost: 4,
  httpBatchConnections: 2,
  commitUntilMs: 20_000,
  httpUntilMs: 30_000,
  growthLevels: [5_000, 20_000],
  growthRounds: 2,
  growthBatches: 3,
  pagesMs: 100,
  pagesMost: 100,
  paymentsRounds: 1,
  paymentsMs: 200,
  paymentsMost: 1_000,
  paymentsUntilMs: 40_000,
  paymentsFilled: 2_000,
  readsMs: 100,
  readsMost: 500,
  launchesRounds: 2,
  launchesMs: 150,
  launchesMany: 5,
  launchesCustomers: 5,
  webhooksMostMs: 20_000,
}

/** How much of a round's time is spent to warm up before the first one counts. */
export const WARM_UP_SHARE = 0.4

/** How long a child process may take to be ready, and to stop. */
export const READY_MS = 60_000
export const STOP_MS = 8_000

/** How long the platform may take to close. */
export const CLOSE_MS = 20_000

/** How long a unit may wait for its commit: far more than any round takes. */
export const DEADLINE_MS = 120_000
