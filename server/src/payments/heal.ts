import type { Claim, TimerHandler, Unit } from '../database/index.ts'
import { Bug, Fault, newUuid, type TenantId, type Uuid } from '../kit/index.ts'
import type { Authorised } from '../rails/index.ts'
import { findRecord } from '../requests/index.ts'
import { enquireOrSend } from './ask-rail.ts'
import { isOpen } from './core/machine.ts'
import type { Attempt } from './core/model.ts'
import { type PaymentsDoor, railNamed } from './door.ts'
import { fallBack, goesOn } from './fall-back.ts'
import { HEAL_AFTER_MS, HEALED_AT_ONCE_MOST } from './limits.ts'
import { postingIds, settleUnit, workDeadline } from './settle-unit.ts'
import { attempts } from './store/tables.ts'
import { askThrough, patiently } from './through-rails.ts'
import { ATTEMPT_TIMER, healLater, healNoMore, type World } from './world.ts'

/** Whoever works for nobody in particular sees what the request that opened the attempt would have seen. */
export const worldOfAttempt = (door: PaymentsDoor, tenant: TenantId, attempt: Attempt): World => ({
  tenant,
  livemode: railNamed(door.rails, attempt.rail).isLive,
  byClient: attempt.byClient,
  secrets: door.secrets,
  settings: door.settings,
  publicUrl: door.publicUrl,
})

/** A small unit of the machinery, which answers nobody. */
export const machineryUnit = (
  tenant: TenantId,
  nowMs: number,
  unit: Pick<Unit<unknown>, 'name' | 'reads'> & {
    readonly decide: (...of: Parameters<Unit<unknown>['decide']>) => void
  },
): Unit<null> => ({
  tenant,
  name: unit.name,
  items: 1,
  bytes: 0,
  deadlineMs: workDeadline(nowMs),
  claim: null,
  duringAdvance: true,
  reads: unit.reads,
  decide: (draft) => {
    unit.decide(draft)
    return { kind: 'answer', answer: null, reply: null }
  },
})

/** Nothing to ask any more, or somebody else is at it: the timer is taken back, or set for later. */
const leave = (door: PaymentsDoor, tenant: TenantId, id: Uuid): Promise<unknown> =>
  door.commit.submit(
    machineryUnit(tenant, door.clock.now(), {
      name: 'payments.attempt.leave',
      reads: [(declare) => declare(attempts.table, id)],
      decide: (draft) => {
        const attempt = draft.get(attempts.table, id)
        if (attempt !== undefined && isOpen(attempt.state)) healLater(draft, attempt, HEAL_AFTER_MS)
        else healNoMore(draft, { id })
      },
    }),
  )

/**
 * The claim of the request that opened the attempt, once its worker is gone: whoever heals it answers its key. Null where
 * there is none, or where it was answered already; `busy` while its worker lives.
 */
const adopt = async (
  door: PaymentsDoor,
  tenant: TenantId,
  attempt: Attempt,
): Promise<Claim | null | 'busy'> => {
  if (attempt.claim === null) return null
  const { scope, key, digest } = attempt.claim
  const worker = newUuid(door.clock.now())
  const claim: Claim = { scope, key, digest: Buffer.from(digest, 'hex'), phase: 'open', worker }
  try {
    const outcome = await door.commit.submit<never>({
      tenant,
      name: 'payments.attempt.adopt',
      items: 1,
      bytes: 0,
      deadlineMs: workDeadline(door.clock.now()),
      claim,
      duringAdvance: true,
      reads: [],
      decide: () => {
        throw new Bug('the claim of an attempt stands')
      },
    })
    return outcome.kind === 'resumed' ? { ...claim, phase: 'finish' } : null
  } catch (error) {
    if (error instanceof Fault && error.code === 'idempotency_key_in_use') return 'busy'
    throw error
  }
}

/** Takes in an answer that nobody waits for. */
const takeIn = (
  door: PaymentsDoor,
  tenant: TenantId,
  attempt: Attempt,
  { answer, claim }: { readonly answer: Authorised; readonly claim: Claim | null },
): Promise<unknown> => {
  const now = door.clock.now()
  const world = worldOfAttempt(door, tenant, attempt)
  return door.commit.submit(
    settleUnit({ world, attempt, answer, ids: postingIds(now) }, { claim, deadlineMs: workDeadline(now) }),
  )
}

/** Asks the rail what became of an order that nobody has finished, and sends it where the rail never got it. */
export const heal = async (door: PaymentsDoor, tenant: TenantId, id: Uuid): Promise<void> => {
  const attempt = await findRecord(door, { tenant }, attempts, id)
  if (attempt === null || !isOpen(attempt.state)) {
    await leave(door, tenant, id)
    return
  }
  const claim = await adopt(door, tenant, attempt)
  if (claim === 'busy') {
    await leave(door, tenant, id)
    return
  }
  const world = worldOfAttempt(door, tenant, attempt)
  const last = await askThrough(door, world, { attempt, isResumed: true }, (rail, each) =>
    enquireOrSend(rail, tenant, each),
  )
  await takeIn(door, tenant, last.attempt, { answer: last.answer, claim })
}

/** Sends an order, waits as long as a request would, and takes the answer in. */
export const sendAndSettle = async (
  door: PaymentsDoor,
  tenant: TenantId,
  attempt: Attempt,
): Promise<void> => {
  const world = worldOfAttempt(door, tenant, attempt)
  const ask = patiently(door, tenant)
  const last = await askThrough(door, world, { attempt, isResumed: false }, ask)
  await takeIn(door, tenant, last.attempt, { answer: last.answer, claim: null })
}

/** What a rail tells by itself of an order. Whoever else goes on to the next rail is not joined there. */
export const takeNotified = async (
  door: PaymentsDoor,
  tenant: TenantId,
  attempt: Attempt,
  answer: Authorised,
): Promise<void> => {
  if (!goesOn(attempt, answer)) {
    await takeIn(door, tenant, attempt, { answer, claim: null })
    return
  }
  const next = await fallBack(door, worldOfAttempt(door, tenant, attempt), attempt, answer)
  if (next?.isNew === true) await sendAndSettle(door, tenant, next.attempt)
}

export const attemptTimers = (door: PaymentsDoor): Readonly<Record<string, TimerHandler>> => ({
  [ATTEMPT_TIMER]: async (tenant, ids) => {
    for (let from = 0; from < ids.length; from += HEALED_AT_ONCE_MOST) {
      await Promise.all(ids.slice(from, from + HEALED_AT_ONCE_MOST).map((id) => heal(door, tenant, id)))
    }
  },
})
