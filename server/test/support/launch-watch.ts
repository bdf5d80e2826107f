import type { Uuid } from '../../src/kit/index.ts'
import { type Assessed, assess } from '../../src/launches/core/guardrails/assess.ts'
import { newWatch, type WatchRow } from '../../src/launches/core/guardrails/book.ts'
import type { AttemptFact, Fact, StampFact } from '../../src/launches/core/guardrails/facts.ts'
import type { Finding } from '../../src/launches/core/guardrails/verdicts.ts'
import type { Launch, LaunchContent, SignerRole } from '../../src/launches/core/model.ts'
import { contentOf } from './launch-content.ts'

export const LAUNCH = '0199a1b2-c3d4-7e5f-8091-000000000001' as Uuid
const HASH = 'a'.repeat(64)
export const HOUR = 3_600
/** A moment on the hour. */
export const START = 1_800_000 * HOUR
const MICROS = 1_000_000
const LATER = 100 * 365 * 24 * HOUR * MICROS

export const PEOPLE: Readonly<Record<SignerRole, string>> = {
  business: 'person_00000000000000000000000000000001',
  technology: 'person_00000000000000000000000000000002',
}

const signedBy = (role: SignerRole) => ({
  person: PEOPLE[role],
  name: role,
  role,
  contentHash: HASH,
  signedMicros: START * MICROS,
  isContributor: false,
  isNewPerson: false,
  position: 1,
  hash: HASH,
})

/** A launch that was started at START, signed by both. */
export const runningLaunch = (own: Partial<Launch> = {}, content: Partial<LaunchContent> = {}): Launch => ({
  id: LAUNCH,
  createdMicros: BigInt(START * MICROS),
  content: contentOf({ risks: [], ...content }),
  contentHash: HASH,
  contributors: [],
  premortem: 'opened',
  status: 'running',
  stage: 0,
  salt: 'salt',
  signatures: [
    { ...signedBy('business'), expiresMicros: START * MICROS + LATER },
    { ...signedBy('technology'), expiresMicros: START * MICROS + LATER },
  ],
  approvals: [],
  waivers: [],
  waiting: null,
  startAtMicros: null,
  startedMicros: START * MICROS,
  stageStartedMicros: START * MICROS,
  stopped: null,
  incident: null,
  retries: 0,
  ...own,
})

export const approvedBy = (launch: Launch, role: SignerRole, person = PEOPLE[role]) => ({
  ...signedBy(role),
  person,
  contentHash: launch.contentHash,
  stage: launch.stage,
})

type Arm = 'exposed' | 'control'

export const stampOf = (arm: Arm | StampFact['reason'], stage = 0): StampFact => ({
  launch: LAUNCH,
  stage,
  exposed: arm === 'exposed',
  reason: arm === 'exposed' || arm === 'control' ? 'bucket' : arm,
})

let accounts = 0

/** An attempt of an account of its own, half an hour after the start. */
export const attempt = (own: Partial<AttemptFact> = {}): AttemptFact => ({
  kind: 'attempt',
  stamps: [],
  madeSeconds: own.atSeconds ?? START + HOUR / 2,
  atSeconds: START + HOUR / 2,
  account: `account ${accounts++}`,
  outcome: 'succeeded',
  latencyMs: 200,
  amount: 1_000,
  currency: 'eur',
  ...own,
})

export type Stamped = { readonly fact: Fact; readonly stamp: StampFact }

/** So many attempts of an arm, of which some fail. */
export const attempts = (
  arm: Arm,
  n: number,
  failed: number,
  own: Partial<AttemptFact> & { readonly stage?: number } = {},
): Stamped[] => {
  const { stage = 0, ...fact } = own
  return Array.from({ length: n }, (_, index) => ({
    fact: attempt({ ...(index < failed ? { outcome: 'failed' } : {}), ...fact }),
    stamp: stampOf(arm, stage),
  }))
}

export const freshWatch = (launch: Launch): WatchRow =>
  newWatch(launch.id, launch.createdMicros, launch.startedMicros ?? 0)

export type LookOptions = {
  readonly atSeconds?: number
  readonly findings?: readonly Finding[] | null | 'unasked'
  readonly inFlight?: number | null
}

/** One look. */
export const look = (
  watch: WatchRow,
  launch: Launch,
  facts: readonly Stamped[],
  { atSeconds = START + HOUR, findings = [], inFlight = 0 }: LookOptions = {},
): Assessed => assess(watch, { launch, facts, findings, inFlight, nowMicros: atSeconds * MICROS })
