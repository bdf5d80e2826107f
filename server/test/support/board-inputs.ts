import type { Uuid } from '../../src/kit/index.ts'
import type { BoardInput } from '../../src/launches/board/input.ts'
import type {
  Approval,
  Arms,
  Launch,
  Signature,
  Tally,
  Waiver,
  Watch,
} from '../../src/launches/core/model.ts'
import { contentOf, riskOf } from './launch-content.ts'

const SECOND = 1_000_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR

/** 22 November 2026, 10:00 in UTC. */
export const NOW = 1_795_341_600 * SECOND

const ID = '0199a1b2-c3d4-7e5f-8091-a2b3c4d5e6f7' as Uuid
const HASH = '3f8a1c5e9b7d2046a8c3e1f5079b4d628e0a7c1f3b5d9e264780a1c3e5f70912'

export const signatureOf = (role: Signature['role'], own: Partial<Signature> = {}): Signature => ({
  person: `person_${role}`,
  name: role === 'business' ? 'Clara Whitfield' : 'Tomáš Dvořák',
  role,
  contentHash: HASH,
  signedMicros: NOW - 9 * DAY,
  expiresMicros: NOW + 21 * DAY,
  isContributor: role === 'technology',
  isNewPerson: false,
  position: role === 'business' ? 41 : 42,
  hash: HASH,
  ...own,
})

const approvalOf = (role: Signature['role'], stage: number, signedMicros: number): Approval => {
  const { expiresMicros: _, ...signature } = signatureOf(role, { signedMicros })
  return { ...signature, stage }
}

const NO_TALLY: Tally = {
  attempts: 0,
  failed: 0,
  declined: 0,
  slow: 0,
  succeeded: 0,
  refunded: 0,
  disputed: 0,
  attemptedAmount: 0,
  succeededAmount: 0,
  declinedAmount: 0,
  refundedAmount: 0,
  disputedAmount: 0,
  allAttempts: 0,
  allSucceeded: 0,
}

const tallyOf = (payments: number, failed: number): Tally => ({
  ...NO_TALLY,
  allAttempts: payments,
  allSucceeded: payments - failed,
  attemptedAmount: payments * 48_17,
  succeededAmount: (payments - failed) * 48_17,
  declinedAmount: failed * 48_17,
  refundedAmount: Math.floor(payments / 60) * 51_30,
  disputedAmount: Math.floor(payments / 900) * 83_99,
})

export const watchOf = (arms: Arms, own: Partial<Watch> = {}): Watch => ({
  id: ID,
  createdMicros: BigInt(NOW),
  stage: 1,
  inStage: arms,
  inAll: arms,
  matured: 610,
  inFlight: 3,
  noUnit: 14,
  verdicts: [],
  tickedMicros: NOW - 2 * SECOND,
  ...own,
})

const CONTENT = contentOf({
  risks: [
    riskOf(),
    riskOf({
      text: 'Settlement files arrive a day late and the float is not there for payouts',
      probability: 35,
      impact_low: 4_000_00,
      impact_high: 60_000_00,
      owner: 'Finance operations',
      tripwire: { metric: 'settlement is late', bound: 1, action: 'hold' },
    }),
    riskOf({
      text: 'A lost answer is tried again and a customer pays twice',
      probability: 6,
      impact_low: 10_000_00,
      impact_high: 400_000_00,
      owner: 'Tomáš Dvořák',
      tripwire: { metric: 'duplicate_debit', bound: 0, action: 'rollback' },
    }),
    riskOf({
      text: 'Support is not told, and answers wrongly for a week',
      probability: 50,
      impact_low: 1_000_00,
      impact_high: 9_000_00,
      owner: 'Support',
      tripwire: null,
    }),
  ],
})

export const launchOf = (own: Partial<Launch> = {}): Launch => ({
  id: ID,
  createdMicros: BigInt(NOW - 12 * DAY),
  content: CONTENT,
  contentHash: HASH,
  contributors: [],
  premortem: 'opened',
  status: 'draft',
  stage: 0,
  salt: 'salt',
  signatures: [],
  approvals: [],
  waivers: [],
  waiting: null,
  startAtMicros: null,
  startedMicros: null,
  stageStartedMicros: null,
  stopped: null,
  incident: null,
  retries: 0,
  ...own,
})

export const inputOf = (launch: Launch, own: Partial<BoardInput> = {}): BoardInput => ({
  launch,
  watch: null,
  ownerName: 'Clara Whitfield',
  livemode: false,
  nowMicros: NOW,
  timeZone: 'Europe/Prague',
  budget: { state: 'unknown', levels: [] },
  capacity: null,
  audit: { position: 40, hash: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184' },
  ...own,
})

export const draftInput = (): BoardInput =>
  inputOf(
    launchOf({ signatures: [signatureOf('business', { isNewPerson: true, signedMicros: NOW - 3 * HOUR })] }),
  )

const BUDGET: BoardInput['budget'] = {
  state: 'ok',
  levels: [
    { name: 'Payments succeed', spentBp: 3_400 },
    { name: 'Answers within 3 s', spentBp: 1_200 },
    { name: 'Webhooks within 1 min', spentBp: null },
  ],
}

const waiverOf = (own: Partial<Waiver> = {}): Waiver => ({
  id: 'waiver_1',
  gate: 'error_budget',
  reason: 'The outage of 14 November was the old rail’s own, and the budget is spent by it alone.',
  expiresMicros: NOW + 5 * DAY,
  signatures: [signatureOf('business'), signatureOf('technology')],
  ...own,
})

const RUNNING: Partial<Launch> = {
  status: 'running',
  stage: 1,
  signatures: [signatureOf('business'), signatureOf('technology')],
  approvals: [approvalOf('business', 0, NOW - 3 * DAY), approvalOf('technology', 0, NOW - 3 * DAY + HOUR)],
  startedMicros: NOW - 8 * DAY,
  stageStartedMicros: NOW - 3 * DAY + HOUR,
}

const ARMS: Arms = { exposed: tallyOf(1_842, 49), control: tallyOf(14_220, 401) }

export const runningInput = (): BoardInput =>
  inputOf(
    launchOf({
      ...RUNNING,
      waiting: { for: 'approval', sinceMicros: NOW - 5 * HOUR, reminders: 0 },
      waivers: [waiverOf()],
    }),
    {
      watch: watchOf(ARMS),
      budget: BUDGET,
      capacity: { perSecond: 1_240.6, measuredAt: NOW / SECOND - 4 * 86_400 },
      audit: { position: 57, hash: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab' },
    },
  )

const REASON = 'failure_rate 14.1 % against 2.8 % of the control: evidence 412, bound 80, n 311'

export const rolledBackInput = (): BoardInput =>
  inputOf(
    launchOf({
      ...RUNNING,
      status: 'rolled_back',
      waiting: { for: 'decision', sinceMicros: NOW - 2 * HOUR, reminders: 0 },
      stopped: {
        by: 'launches.controller',
        reason: REASON,
        metric: 'failure_rate',
        atMicros: NOW - 2 * HOUR,
      },
      incident: {
        name: `Express acquiring for cards in euro: ${REASON}`,
        owner: 'person_00000000000000000000000000000001',
        openedMicros: NOW - 2 * HOUR,
      },
    }),
    {
      watch: watchOf({ exposed: tallyOf(2_153, 92), control: tallyOf(15_007, 421) }, { inFlight: 0 }),
      budget: {
        ...BUDGET,
        state: 'over',
        levels: [{ name: 'Payments succeed', spentBp: 13_100 }, ...BUDGET.levels.slice(1)],
      },
      capacity: { perSecond: 9, measuredAt: NOW / SECOND - 40 * 86_400 },
    },
  )

const LONG =
  'Whoever reads this sees a very long sentence, which goes on and on, and on <b>again</b> & "again" '.repeat(
    20,
  )
const WIDE = 'W'.repeat(400)

/** Everything as long as it may be, and longer. */
export const longInput = (): BoardInput => {
  const risks = Array.from({ length: 12 }, (_, at) =>
    riskOf({
      text: at % 2 === 0 ? LONG : WIDE,
      owner: WIDE,
      mitigation: LONG,
      impact_low: 900_000_000_00,
      impact_high: 999_999_999_99,
      tripwire:
        at % 3 === 0
          ? null
          : { metric: at % 3 === 1 ? WIDE : 'declined_amount', bound: 999_999_999_99, action: 'rollback' },
    }),
  )
  const { stages, guardrails } = CONTENT
  const [stage] = stages
  if (stage === undefined) throw new Error('the content has stages')
  const content = contentOf({
    name: WIDE,
    description: LONG,
    owner: WIDE,
    benefit: { ...CONTENT.benefit, low: 900_000_000_00, high: 999_999_999_99, source: WIDE },
    forecast: { payments_per_day: 1_500, average_amount: 1, peak_per_second: 1_000_000_000 },
    risks,
    stages: Array.from({ length: 20 }, (_, at) => ({
      ...stage,
      exposure_bp: 500 * at + 333,
      min_matured_payments: 1_000_000,
    })),
    guardrails: [
      ...guardrails,
      { tier: 'rate', metric: 'decline_rate', margin_bp: 333, baseline_bp: 777, action: 'hold' },
      { tier: 'rate', metric: 'refund_rate', margin_bp: 50, baseline_bp: 99, action: 'hold' },
      { tier: 'promotion', metric: 'refund_rate', margin_bp: 3 },
      { tier: 'promotion', metric: 'decline_rate', margin_bp: 77 },
    ],
    subject: { type: 'feature', key: WIDE, variants: {}, on: 'on', off: 'off' },
  })
  const signatures = (['business', 'technology'] as const).map((role) =>
    signatureOf(role, { name: WIDE, isContributor: true, isNewPerson: true, expiresMicros: NOW - 20 * DAY }),
  )
  return inputOf(
    launchOf({
      ...RUNNING,
      content,
      contentHash: HASH.replace('3f8a', 'ffff'),
      status: 'held',
      stage: 9,
      signatures,
      approvals: Array.from({ length: 9 }, (_, at) => approvalOf('business', at, NOW - (10 - at) * HOUR)).map(
        (approval) => ({ ...approval, name: WIDE }),
      ),
      waivers: Array.from({ length: 9 }, (_, at) => waiverOf({ id: `${at}`, reason: WIDE, signatures })),
      stopped: { by: WIDE, reason: WIDE, metric: null, atMicros: NOW - HOUR },
      incident: { name: LONG, owner: WIDE, openedMicros: NOW },
    }),
    {
      watch: watchOf({ exposed: tallyOf(999_999_999, 9), control: tallyOf(999_999_999, 9) }),
      ownerName: WIDE,
      timeZone: 'America/Argentina/ComodRivadavia',
      budget: { state: 'over', levels: Array.from({ length: 9 }, () => ({ name: WIDE, spentBp: 999_999 })) },
      capacity: { perSecond: 1, measuredAt: NOW / SECOND },
    },
  )
}
