import type { Guardrail, Launch, RateMetric, Tripwire, Verdict } from '../model.ts'
import { INVARIANT_METRICS } from '../model.ts'
import { type Aged, type Arm, type Book, type Counts, NO_COUNTS, turnPage, type WatchRow } from './book.ts'
import type { Counted } from './bounds.ts'
import { hypothesis, type Shared, shareAlpha, WHOLE_BP } from './control.ts'
import type { Fact, StampFact } from './facts.ts'
import { type Folded, foldFacts } from './fold.ts'
import { addPayments, type Evidence, NO_EVIDENCE } from './restarts.ts'
import {
  amountVerdict,
  countOf,
  type Finding,
  invariantVerdict,
  isInvariant,
  isMoneyMetric,
  isRate,
  promotionVerdict,
  rateVerdict,
} from './verdicts.ts'

type RateGuardrail = Extract<Guardrail, { tier: 'rate' }>

/** What is tested sequentially: rates against the control, and tripwires on a rate against their own bound. */
type Sequential = {
  readonly name: string
  readonly tier: 'rate' | 'tripwire'
  readonly metric: RateMetric
  readonly action: 'rollback' | 'hold'
  /** Null: the control is not asked, the bound is the hypothesis. */
  readonly guardrail: RateGuardrail | null
  readonly boundBp: number
}

type Wired = { readonly name: string; readonly tripwire: Tripwire }

const tripwiresOf = ({ content }: Launch): readonly Wired[] =>
  content.risks.flatMap(({ tripwire }, index) =>
    tripwire === null ? [] : [{ name: `tripwire:${index + 1}:${tripwire.metric}`, tripwire }],
  )

export const sequentialOf = (launch: Launch): readonly Sequential[] => [
  ...launch.content.guardrails.flatMap((each): Sequential[] =>
    each.tier === 'rate'
      ? [{ ...each, name: `rate:${each.metric}`, tier: 'rate', guardrail: each, boundBp: 0 }]
      : [],
  ),
  ...tripwiresOf(launch).flatMap(({ name, tripwire }): Sequential[] => {
    const { metric, action, bound } = tripwire
    return isRate(metric) ? [{ name, tier: 'tripwire', metric, action, guardrail: null, boundBp: bound }] : []
  }),
]

const recentOf = ({ recent }: Book): Counts =>
  recent.reduce<Counts>(
    (sum, each) => ({
      n: sum.n + each.n,
      failed: sum.failed + each.failed,
      declined: sum.declined + each.declined,
      slow: sum.slow + each.slow,
    }),
    NO_COUNTS,
  )

const NOTHING_AGED: Aged = { n: 0, refunded: 0, disputed: 0 }

/** The p0 of this look: from the control as it is now, this page included; the exposed are judged by it and not asked. */
const p0Of = (each: Sequential, book: Book, shared: Shared): number => {
  if (each.guardrail === null) return each.boundBp / WHOLE_BP
  const { baseline_bp: baselineBp, margin_bp: marginBp } = each.guardrail
  const all = countOf(each.metric, book.counts.control, book.aged.control)
  const recent = countOf(each.metric, recentOf(book), NOTHING_AGED)
  return hypothesis({ all, recent }, { baselineBp, marginBp }, shared.control)
}

export type Look = {
  readonly launch: Launch
  /** Of the page, only those that are stamped with the launch. */
  readonly facts: readonly { readonly fact: Fact; readonly stamp: StampFact }[]
  /** Null where the money could not be looked at; 'unasked' where nothing was exposed since it was. */
  readonly findings: readonly Finding[] | null | 'unasked'
  /** Null where it could not be counted. */
  readonly inFlight: number | null
  readonly nowMicros: number
}

/** The breaches of before count until a person has resumed the launch: then their guardrails begin anew. */
const resumed = (book: Book, launch: Launch): Book => {
  if (!book.wasHeld || launch.status !== 'running') return book
  const evidence = Object.fromEntries(
    Object.entries(book.evidence).filter(([name]) => !book.breached.includes(name)),
  )
  return { ...book, evidence, breached: [], wasHeld: false }
}

const sequential = (
  each: Sequential,
  { watch, counted, aged }: Folded,
  shared: Shared,
): { readonly verdict: Verdict; readonly evidence: Evidence } => {
  const { book } = watch
  const p0 = p0Of(each, book, shared)
  const more = countOf(each.metric, counted, aged)
  const evidence = addPayments(book.evidence[each.name] ?? NO_EVIDENCE, more.x, more.n, p0)
  const verdict = rateVerdict({
    guardrail: each.name,
    tier: each.tier,
    metric: each.metric,
    action: each.action,
    counted: countOf(each.metric, book.counts.exposed, book.aged.exposed),
    evidence,
    p0,
    alpha: shared.test,
    inStage: watch.inStage.exposed.attempts,
    hasBreached: book.breached.includes(each.name),
  })
  return { verdict, evidence }
}

/** Invariants need nobody to ask for them, where payments go the launched way; of a feature, those that are named. */
const invariants = ({ launch, findings }: Look, watch: WatchRow): Verdict[] => {
  if (findings === 'unasked') {
    const found = watch.verdicts.filter(({ metric }) => isInvariant(metric))
    if (found.length > 0) return found
  }
  const told = findings === 'unasked' ? null : findings
  const { guardrails, subject } = launch.content
  const asked = guardrails.flatMap((each) => (each.tier === 'invariant' ? [each.metric] : []))
  const metrics = subject.type === 'route' ? INVARIANT_METRICS : asked
  const exposed = watch.inAll.exposed.allAttempts
  const own = metrics.map((metric) =>
    invariantVerdict(
      { guardrail: `invariant:${metric}`, tier: 'invariant', metric, action: 'rollback' },
      told,
      exposed,
    ),
  )
  const wired = tripwiresOf(launch).flatMap(({ name, tripwire: { metric, action } }) =>
    isInvariant(metric)
      ? [invariantVerdict({ guardrail: name, tier: 'tripwire', metric, action }, told, exposed)]
      : [],
  )
  return [...own, ...wired]
}

const amounts = (launch: Launch, watch: WatchRow): Verdict[] =>
  tripwiresOf(launch).flatMap(({ name, tripwire: { metric, bound, action } }) =>
    isMoneyMetric(metric)
      ? [amountVerdict({ guardrail: name, tier: 'tripwire', metric, action }, bound, watch.inAll.exposed)]
      : [],
  )

/** The arm's own payments of this stage. Where everybody is exposed the control is that of the stages before. */
const stageCounts = ({ inStage, book }: WatchRow, arm: Arm, isEverybody: boolean): Counts => {
  if (arm === 'control' && isEverybody) return book.counts.control
  const { attempts: n, failed, declined, slow } = inStage[arm]
  return { n, failed, declined, slow }
}

const promotions = (launch: Launch, watch: WatchRow): Verdict[] =>
  launch.content.guardrails.flatMap((each) => {
    if (each.tier !== 'promotion') return []
    const { metric, margin_bp: marginBp } = each
    const isEverybody = launch.content.stages[launch.stage]?.exposure_bp === WHOLE_BP
    const of = (arm: Arm): Counted =>
      countOf(metric, stageCounts(watch, arm, isEverybody), watch.book.aged[arm])
    return promotionVerdict({
      guardrail: `promotion:${metric}`,
      tier: 'promotion',
      metric,
      action: 'none',
      exposed: of('exposed'),
      control: of('control'),
      marginBp,
      alpha: launch.content.alpha_bp / WHOLE_BP,
      tunedFor: launch.content.stages[launch.stage]?.min_matured_payments ?? 1,
    })
  })

export type Assessed = {
  readonly watch: WatchRow
  /** Nothing but the moment is another one. */
  readonly isIdle: boolean
  /** Breaches that were none at the last look. */
  readonly news: readonly Verdict[]
  readonly hasChanged: boolean
}

const isSame = (a: Verdict | undefined, b: Verdict): boolean =>
  a !== undefined &&
  a.guardrail === b.guardrail &&
  a.verdict === b.verdict &&
  a.n === b.n &&
  a.value === b.value

/** One look at a launch: takes in what happened, and says of each guardrail what it finds. In every state alike. */
export const assess = (before: WatchRow, look: Look): Assessed => {
  const { launch, nowMicros } = look
  const turned = turnPage(before, launch.stage, launch.startedMicros ?? 0)
  const opened = { ...turned, book: resumed(turned.book, launch) }
  const folded = foldFacts(opened, launch, look.facts, Math.floor(nowMicros / 1_000_000))
  const tests = sequentialOf(launch)
  const shared = shareAlpha(launch.content.alpha_bp, tests.length)
  const found = tests.map((each) => ({ name: each.name, ...sequential(each, folded, shared) }))
  const { watch } = folded
  const verdicts = [
    ...invariants(look, watch),
    ...found.map(({ verdict }) => verdict),
    ...amounts(launch, watch),
    ...promotions(launch, watch),
  ]
  const breached = verdicts.filter(({ verdict }) => verdict === 'BREACH').map(({ guardrail }) => guardrail)
  const book: Book = {
    ...watch.book,
    evidence: Object.fromEntries(found.map(({ name, evidence }) => [name, evidence])),
    breached,
    wasHeld: launch.status === 'held',
  }
  const inFlight = look.inFlight ?? watch.inFlight
  const hasChanged =
    verdicts.length !== before.verdicts.length ||
    verdicts.some((each, index) => !isSame(before.verdicts[index], each))
  return {
    watch: { ...watch, inFlight, verdicts, tickedMicros: nowMicros, book },
    isIdle:
      !hasChanged &&
      turned === before &&
      look.facts.length === 0 &&
      watch.matured === before.matured &&
      watch.book.cohorts.length === before.book.cohorts.length &&
      inFlight === before.inFlight &&
      book.wasHeld === before.book.wasHeld,
    news: verdicts.filter(
      ({ guardrail, verdict }) => verdict === 'BREACH' && !opened.book.breached.includes(guardrail),
    ),
    hasChanged,
  }
}
