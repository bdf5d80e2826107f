import assert from 'node:assert/strict'
import { exposureOf } from '../../src/launches/core/control.ts'
import {
  areOpen,
  type Budget,
  gatesOf,
  isCovered,
  missingApprovals,
  startGatesOf,
} from '../../src/launches/core/gates.ts'
import { assess } from '../../src/launches/core/guardrails/assess.ts'
import type { WatchRow } from '../../src/launches/core/guardrails/book.ts'
import { nextMove } from '../../src/launches/core/guardrails/next-move.ts'
import type { Finding } from '../../src/launches/core/guardrails/verdicts.ts'
import { type MoveName, mayMove } from '../../src/launches/core/machine.ts'
import type { Gate, Launch, SignerRole } from '../../src/launches/core/model.ts'
import {
  abandoned,
  advanced,
  edited,
  held,
  reopened,
  resumed,
  rollbackFinished,
  rolledBack,
  signaturesCompleted,
  started,
  waitingFor,
} from '../../src/launches/core/moves.ts'
import { stageOf } from '../support/launch-content.ts'
import {
  approvedBy,
  attempt,
  freshWatch,
  PEOPLE,
  runningLaunch,
  START,
  type Stamped,
  stampOf,
} from '../support/launch-watch.ts'

/*
 * The life of one launch by chance: people, payments, faults, outages and ticks in any order, over the pure functions that
 * the units call. After each step it is asked whether anything happened that never may.
 */

const MICROS = 1_000_000
const HOUR_MICROS = 3_600 * MICROS
const YEARS_MICROS = 100 * 365 * 24 * HOUR_MICROS
const BACKLOG_MOST = 200

export type Chance = () => number

const STAGES = [
  stageOf({ exposure_bp: 500, min_hours: 1, min_matured_payments: 20 }),
  stageOf({ exposure_bp: 2_500, min_hours: 2, min_matured_payments: 25, required_signers: ['business'] }),
  stageOf({ exposure_bp: 10_000, min_hours: 1, min_matured_payments: 20 }),
]

const CONTENT = {
  stages: STAGES,
  maturity_hours: 0,
  guardrails: [
    { tier: 'invariant', metric: 'duplicate_debit' },
    { tier: 'rate', metric: 'failure_rate', margin_bp: 200, baseline_bp: 500, action: 'rollback' },
    { tier: 'rate', metric: 'slow_rate', margin_bp: 200, baseline_bp: 500, action: 'hold' },
  ],
} as const

const draftLaunch = (): Launch =>
  runningLaunch(
    { status: 'draft', signatures: [], startedMicros: null, stageStartedMicros: null },
    { ...CONTENT, guardrails: [...CONTENT.guardrails] },
  )

const STOP = { by: 'somebody', reason: 'because', metric: null } as const

/** What has happened, for the report: a history in which nothing happens shows nothing. */
export type Tale = {
  steps: number
  ticks: number
  raised: number
  rolledBack: number
  held: number
  completed: number
}

export class Life {
  readonly #chance: Chance
  readonly tale: Tale = { steps: 0, ticks: 0, raised: 0, rolledBack: 0, held: 0, completed: 0 }
  #launch = draftLaunch()
  #watch: WatchRow = freshWatch(this.#launch)
  #now = START * MICROS
  #backlog: Stamped[] = []
  #findings: Finding[] = []
  #inFlight = 0
  #isOut = false
  #budget: Budget = 'ok'
  #failing = 0.02
  #slow = 0.02
  /** Exposed attempts that were told to the controller, and that it should have counted in this run. */
  #told = 0

  constructor(chance: Chance) {
    this.#chance = chance
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#chance() * from.length)]
    assert.ok(picked !== undefined, 'there is something to pick from')
    return picked
  }

  step(): void {
    const before = this.#launch
    this.tale.steps++
    const what = this.#chance()
    const isPersons = what >= 0.62 && what < 0.94
    if (what < 0.55) this.#pay()
    else if (what < 0.62) this.#tick()
    else if (isPersons) this.#person()
    else this.#fate()
    this.#never(before, isPersons)
  }

  #pay(): void {
    this.#now += 20 * MICROS
    const exposure = exposureOf(this.#launch)
    if (exposure === 0 || this.#backlog.length > BACKLOG_MOST) return
    const isExposed = this.#chance() < 0.5
    const fact = attempt({
      atSeconds: Math.floor(this.#now / MICROS),
      outcome: isExposed && this.#chance() < this.#failing ? 'failed' : 'succeeded',
      latencyMs: isExposed && this.#chance() < this.#slow ? 9_000 : 200,
    })
    this.#backlog.push({ fact, stamp: stampOf(isExposed ? 'exposed' : 'control', this.#launch.stage) })
    if (isExposed) this.#inFlight = Math.floor(this.#chance() * 3)
  }

  /** As the controller's units do: a page of what has happened, a look, and what it makes of it. After an outage, pages. */
  #tick(): void {
    if (this.#isOut) return
    const pages = this.#backlog.length > 60 ? 3 : 1
    const size = Math.ceil(this.#backlog.length / pages)
    for (let page = 0; page < pages; page++) this.#page(this.#backlog.splice(0, size))
  }

  #page(facts: readonly Stamped[]): void {
    const launch = this.#launch
    if (!['running', 'held', 'rolling_back', 'completed'].includes(launch.status)) return
    this.tale.ticks++
    this.#told += facts.filter(({ stamp }) => stamp.exposed).length
    const [findings, inFlight] = [this.#findings, this.#inFlight]
    const { watch } = assess(this.#watch, { launch, facts, findings, inFlight, nowMicros: this.#now })
    const gates = this.#gates(launch, watch)
    const move = nextMove(launch, { verdicts: watch.verdicts, gates, inFlight, countedIn: launch.status })
    this.#watch = move?.kind === 'hold' ? { ...watch, book: { ...watch.book, wasHeld: true } } : watch
    const stop = { ...STOP, now: this.#now }
    switch (move?.kind) {
      case 'roll_back':
        this.#launch = rolledBack(launch, stop)
        this.tale.rolledBack++
        break
      case 'hold':
        this.#launch = held(launch, stop)
        this.tale.held++
        break
      case 'finish':
        this.#launch = rollbackFinished(launch, this.#now)
        break
      case 'ask':
        this.#launch = { ...launch, waiting: waitingFor(launch, 'approval', this.#now) }
        break
      case 'ask_no_more':
        this.#launch = { ...launch, waiting: null }
        break
      default:
    }
    const breach = watch.verdicts.some(({ verdict, action }) => verdict === 'BREACH' && action === 'rollback')
    if (breach) assert.equal(exposureOf(this.#launch), 0, 'a breach takes exposure to zero in its own tick')
    assert.equal(watch.inAll.exposed.allAttempts, this.#told, 'everything is counted once')
  }

  #gates(launch: Launch, watch: WatchRow): Gate[] {
    const coverOk = isCovered(launch.content.cover)
    return gatesOf({ launch, watch, nowMicros: this.#now, budget: this.#budget, coverOk })
  }

  #person(): void {
    const role = this.#pick(['business', 'technology'] as const)
    const move = this.#pick<MoveName>([
      'sign',
      'start',
      'approve',
      'approve',
      'approve',
      'approve',
      'hold',
      'resume',
      'resume',
      'roll_back',
      'reopen',
      'edit',
    ])
    // Whoever stops it does so seldom; the others try all the time.
    if ((move === 'roll_back' || move === 'hold' || move === 'edit') && this.#chance() < 0.97) return
    if (!mayMove(this.#launch.status, move)) return
    this.#do(move, role)
  }

  #do(move: MoveName, role: SignerRole): void {
    const launch = this.#launch
    const stop = { ...STOP, now: this.#now }
    // Now and then one person tries to be two.
    const person = this.#chance() < 0.3 ? PEOPLE.business : PEOPLE[role]
    switch (move) {
      case 'sign':
        this.#launch = this.#signed(role, person)
        break
      case 'start':
        this.#start()
        break
      case 'approve':
        this.#approve(role, person)
        break
      case 'hold':
        this.#launch = held(launch, stop)
        break
      case 'resume':
        this.#launch = resumed(launch, this.#now)
        break
      case 'roll_back':
        this.#launch = rolledBack(launch, stop)
        break
      case 'reopen':
        this.#launch = reopened(launch, this.#now)
        break
      case 'edit':
        this.#launch = edited(launch, this.#now)
        break
      case 'abandon':
        this.#launch = abandoned(launch, this.#now)
        break
      default:
    }
  }

  #signed(role: SignerRole, person: string): Launch {
    const launch = this.#launch
    if (launch.signatures.some((each) => each.person === person || each.role === role)) return launch
    const { stage, ...signature } = approvedBy(launch, role, person)
    const signatures = [...launch.signatures, { ...signature, expiresMicros: this.#now + YEARS_MICROS }]
    const after = { ...launch, signatures }
    return signatures.length === 2 ? signaturesCompleted(after, this.#now) : after
  }

  #start(): void {
    const launch = this.#launch
    const question = { launch, nowMicros: this.#now, budget: this.#budget, coverOk: true }
    if (!areOpen(startGatesOf(question))) return
    // What the old run was told of is not of this one.
    this.#backlog = []
    this.#launch = started(launch, this.#now)
  }

  #approve(role: SignerRole, person: string): void {
    const launch = this.#launch
    const given = launch.approvals.filter(({ stage }) => stage === launch.stage)
    if (given.some((each) => each.person === person || each.role === role)) return
    if (!missingApprovals(launch).includes(role)) return
    if (!areOpen(this.#gates(launch, this.#watch), true)) return
    const after = { ...launch, approvals: [...launch.approvals, approvedBy(launch, role, person)] }
    this.#launch = missingApprovals(after).length === 0 ? advanced(after, this.#now) : after
    if (this.#launch.status === 'completed') this.tale.completed++
  }

  /** What nobody decides. */
  #fate(): void {
    const what = this.#chance()
    if (what < 0.25) this.#isOut = this.#chance() < 0.4
    else if (what < 0.45) this.#now += Math.floor(this.#chance() * 3 * HOUR_MICROS)
    else if (what < 0.5) this.#failing = this.#chance() < 0.15 ? 0.7 : 0.02
    else if (what < 0.55) this.#slow = this.#chance() < 0.15 ? 0.7 : 0.02
    else if (what < 0.6) this.#budget = this.#pick(['ok', 'ok', 'ok', 'over', 'unknown'] as const)
    else if (what < 0.62)
      this.#findings =
        this.#chance() < 0.1 ? [{ metric: 'duplicate_debit', count: 1, example: 'ch_1', text: 'twice' }] : []
    else this.#inFlight = 0
  }

  #never(before: Launch, isPersons: boolean): void {
    const after = this.#launch
    const [was, is] = [exposureOf(before), exposureOf(after)]
    if (is > was) {
      this.tale.raised++
      assert.ok(isPersons, 'only people raise exposure')
      this.#raised(before)
    }
    assert.ok(after.stage <= before.stage + 1, 'no stage is passed over')
    if (is > 0) {
      assert.ok(mayMove(after.status, 'roll_back'), `${after.status} has a way back`)
      if (this.tale.steps % 64 === 0)
        assert.equal(exposureOf(rolledBack(after, { ...STOP, now: this.#now })), 0, 'and it leads to zero')
    }
    if (after.status === 'rolled_back' || after.status === 'abandoned')
      assert.ok(mayMove(after.status, 'reopen'), 'what was given up can be begun again')
  }

  /** Exposure was raised: by the start with both signatures, or by the approvals of the stage that has ended. */
  #raised(before: Launch): void {
    if (before.status === 'signed' || before.status === 'armed') {
      const people = new Set(before.signatures.map(({ person }) => person))
      assert.equal(people.size, 2, 'a launch is signed by two people')
      return
    }
    assert.equal(before.status, 'running', 'only a running launch goes on')
    const wanted = STAGES[before.stage]?.required_signers ?? []
    const given = this.#launch.approvals.filter(({ stage }) => stage === before.stage)
    assert.equal(new Set(given.map(({ role }) => role)).size, wanted.length, 'everybody whom the stage names')
    assert.equal(new Set(given.map(({ person }) => person)).size, given.length, 'nobody counts twice')
    const verdicts = this.#watch.verdicts.filter(({ tier }) => tier !== 'promotion')
    assert.ok(
      verdicts.length > 0 && verdicts.every(({ verdict }) => verdict === 'OK'),
      'every guardrail is green',
    )
    assert.equal(this.#watch.stage, before.stage, 'the stage that ends was watched')
    assert.ok(this.#watch.matured >= (STAGES[before.stage]?.min_matured_payments ?? 0), 'enough has matured')
    assert.equal(this.#budget, 'ok', 'no budget is over')
  }
}

/** Lives one launch after another until so many steps were made. */
export const liveOn = (chance: Chance, steps: number): Tale => {
  const sum: Tale = { steps: 0, ticks: 0, raised: 0, rolledBack: 0, held: 0, completed: 0 }
  const LIFE = 4_000
  while (sum.steps < steps) {
    const life = new Life(chance)
    for (let step = 0; step < LIFE; step++) life.step()
    for (const key of Object.keys(sum) as (keyof Tale)[]) sum[key] += life.tale[key]
  }
  return sum
}
