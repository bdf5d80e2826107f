import type { Draft, TimerHandler } from '../database/index.ts'
import { setTimer } from '../database/index.ts'
import { newUuid, type TenantId, type Uuid } from '../kit/index.ts'
import { canceled } from './core/capture.ts'
import type { Charge, Intent } from './core/model.ts'
import { type PaymentsDoor, railNamed } from './door.ts'
import { declareHeld, declareHolder, giveBackOf, type Held } from './give-back.ts'
import { machineryUnit } from './heal.ts'
import { EXPIRY_RETRY_MS } from './limits.ts'
import { declareRelease, postRelease } from './postings.ts'
import { isAtWork } from './prepare.ts'
import { attempts, charges, intents } from './store/tables.ts'
import { EXPIRY_TIMER, putIntent, tellCharge, tellIntent, type World } from './world.ts'

const MICROS_PER_MS = 1_000n

/** What a charge's authorisation holds of a launch's caps. */
const heldBy = ({ attempt: authorisation, stamps }: Charge): Held => ({
  authorisation,
  ...(stamps === undefined ? {} : { stamps }),
})

const setExpiry = (draft: Draft, charge: Uuid, dueMicros: bigint | null): void =>
  setTimer(draft, { kind: EXPIRY_TIMER, subject: charge, dueMicros })

const release = (draft: Draft, world: World, rows: { charge: Charge; intent: Intent }, id: Uuid): void => {
  const { charge, intent } = rows
  postRelease(draft, { currency: charge.currency, rail: charge.rail, authorisation: charge.attempt }, id)
  const released = { ...charge, hold: null }
  draft.put(charges.table, charge.id, released)
  giveBackOf(draft, heldBy(charge))
  const ended = putIntent(draft, canceled(intent, 'automatic', draft.now))
  tellCharge(draft, world, 'expired', released, null)
  tellIntent(draft, world, 'canceled', ended, null)
}

/** Ends an authorisation whose seven days are over, unless a capture or void is under way: that one ends it. */
const expire = (draft: Draft, world: World, charge: Charge | undefined, id: Uuid): void => {
  if (charge === undefined || charge.hold === null) return
  const intent = draft.get(intents.table, charge.intent)
  if (intent === undefined) return
  if (charge.captureBeforeMicros !== null && draft.now < BigInt(charge.captureBeforeMicros)) {
    setExpiry(draft, charge.id, BigInt(charge.captureBeforeMicros))
  } else if (intent.status === 'processing' || isAtWork(draft, intent)) {
    setExpiry(draft, charge.id, draft.now + BigInt(EXPIRY_RETRY_MS) * MICROS_PER_MS)
  } else if (intent.status === 'requires_capture') {
    release(draft, world, { charge, intent }, id)
  }
}

const expireOne = (door: PaymentsDoor, tenant: TenantId, id: Uuid): Promise<unknown> => {
  const posting = newUuid(door.clock.now())
  return door.commit.submit(
    machineryUnit(tenant, door.clock.now(), {
      name: 'payments.expire',
      reads: [
        (declare) => declare(charges.table, id),
        (declare, found) => {
          const charge = found(charges.table, id)
          if (charge === undefined) return
          declare(intents.table, charge.intent)
          const { currency, rail, attempt: authorisation } = charge
          declareRelease(declare, { currency, rail, authorisation }, posting)
          declareHolder(declare, heldBy(charge))
        },
        (declare, found) => {
          const charge = found(charges.table, id)
          const intent = charge === undefined ? undefined : found(intents.table, charge.intent)
          if (intent !== undefined && intent.latestAttempt !== null)
            declare(attempts.table, intent.latestAttempt)
          if (charge !== undefined) declareHeld(declare, found, heldBy(charge))
        },
      ],
      decide: (draft) => {
        const charge = draft.get(charges.table, id)
        setExpiry(draft, id, null)
        const livemode = charge !== undefined && railNamed(door.rails, charge.rail).isLive
        const { secrets, settings, publicUrl } = door
        expire(draft, { tenant, livemode, byClient: false, secrets, settings, publicUrl }, charge, posting)
      },
    }),
  )
}

/** The units of one call go in one commit, as they are submitted together. */
export const expiryTimers = (door: PaymentsDoor): Readonly<Record<string, TimerHandler>> => ({
  [EXPIRY_TIMER]: (tenant, ids) => Promise.all(ids.map((id) => expireOne(door, tenant, id))),
})
