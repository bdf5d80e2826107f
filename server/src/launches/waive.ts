import type { Draft } from '../database/index.ts'
import { missingReply } from '../http/index.ts'
import type { Reply, Uuid } from '../kit/index.ts'
import { type Asking, causeOf, isReply, launchFor, launchReply, refuse } from './asking.ts'
import type { WaiverInput } from './core/input.ts'
import type { Launch, Waiver } from './core/model.ts'
import { WAIVER_LIFE_DAYS_MOST, WAIVERS_MOST } from './limits.ts'
import { actOnLaunch } from './move.ts'
import { signerOf, signerRoleOf } from './sign.ts'

const MICROS_PER_SECOND = 1_000_000
const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND

type Placed = { readonly position: number; readonly hash: string }
type WaiverSignature = Waiver['signatures'][number]

const putWaiver = (
  draft: Draft,
  launch: Launch,
  asking: Asking,
  action: string,
  after: (receipt: Placed) => Waiver,
): Reply => {
  const moved = (receipt: Placed): Launch => {
    const waiver = after(receipt)
    const isKnown = launch.waivers.some(({ id }) => id === waiver.id)
    const waivers = isKnown
      ? launch.waivers.map((each) => (each.id === waiver.id ? waiver : each))
      : [...launch.waivers, waiver]
    return { ...launch, waivers }
  }
  const receipt = actOnLaunch(
    draft,
    launch,
    moved({ position: 0, hash: '' }),
    causeOf(asking, after({ position: 0, hash: '' }).reason),
    { action, events: ['launch.waived'], anchor: true, placing: moved },
  )
  return launchReply(draft, moved(receipt), receipt)
}

export type Waiving = { readonly id: Uuid; readonly waiver: string; readonly input: WaiverInput }

/** Names a gate to be passed over, why, and until when. Whoever asks signs it with that; the other role is missing yet. */
export const waiveInDraft = (draft: Draft, { id, waiver, input }: Waiving, asking: Asking): Reply => {
  const launch = launchFor(draft, id, asking, { right: 'waive', move: 'waive' })
  if (isReply(launch)) return launch
  const { person } = asking
  const role = person === null ? null : signerRoleOf(person)
  if (person === null || role === null) return refuse('person_required')
  const now = Number(draft.now)
  const expiresMicros = input.expires_at * MICROS_PER_SECOND
  if (expiresMicros <= now || expiresMicros > now + WAIVER_LIFE_DAYS_MOST * MICROS_PER_DAY)
    return refuse('launch_invalid', {
      param: 'expires_at',
      message: `expires_at must be in the future, at most ${WAIVER_LIFE_DAYS_MOST} days ahead.`,
    })
  if (launch.waivers.length >= WAIVERS_MOST)
    return refuse('launch_too_many', { message: `A launch has at most ${WAIVERS_MOST} waivers.` })
  const signer = signerOf(draft, person, role, launch.contributors)
  return putWaiver(draft, launch, asking, 'launch.waiver_asked', (receipt) => ({
    id: waiver,
    gate: input.gate,
    reason: input.reason,
    expiresMicros,
    signatures: [{ ...signer, ...receipt }],
  }))
}

export type SigningWaiver = { readonly id: Uuid; readonly waiver: string }

/** The other role's signature: from then on it is in force, until it ends. */
export const signWaiverInDraft = (draft: Draft, { id, waiver }: SigningWaiver, asking: Asking): Reply => {
  const launch = launchFor(draft, id, asking, { right: 'waive', move: 'waive' })
  if (isReply(launch)) return launch
  const { person } = asking
  const role = person === null ? null : signerRoleOf(person)
  if (person === null || role === null) return refuse('person_required')
  const found = launch.waivers.find((each) => each.id === waiver)
  if (found === undefined) return missingReply('waiver', waiver, 'waiver')
  if (found.expiresMicros <= Number(draft.now))
    return refuse('launch_invalid', { param: 'waiver', message: `${waiver} has ended. Ask for another.` })
  const taken = found.signatures.find((each) => each.person === person.id || each.role === role)
  if (taken !== undefined)
    return refuse('launch_already_signed', {
      message: `${taken.name} has signed this waiver as ${taken.role} already.`,
      launch: { row: launch, draft },
    })
  const signer = signerOf(draft, person, role, launch.contributors)
  return putWaiver(draft, launch, asking, 'launch.waived', (receipt): Waiver => {
    const signature: WaiverSignature = { ...signer, ...receipt }
    return { ...found, signatures: [...found.signatures, signature] }
  })
}
