import type { Draft } from '../database/index.ts'
import type { Person } from '../http/index.ts'
import type { Reply, Uuid } from '../kit/index.ts'
import { type Asking, causeOf, isReply, launchFor, launchReply, refuse } from './asking.ts'
import type { Approval, Launch, Signature, SignerRole } from './core/model.ts'
import { resettled, signaturesCompleted } from './core/moves.ts'
import { NEW_PERSON_MS, SIGNATURE_LIFE_DAYS } from './limits.ts'
import { actOnLaunch } from './move.ts'

const MICROS_PER_DAY = 86_400_000_000
const SIGNERS: readonly SignerRole[] = ['business', 'technology']

export const signerRoleOf = (person: Person): SignerRole | null =>
  SIGNERS.find((role) => role === person.role) ?? null

/** Who signs, and what everybody should know of him. Position and hash are the audit log's, and come with its entry. */
export const signerOf = (
  draft: Draft,
  person: Person,
  role: SignerRole,
  contributors: readonly string[],
): Omit<Approval, 'stage' | 'contentHash' | 'position' | 'hash'> => ({
  person: person.id,
  name: person.name,
  role,
  signedMicros: Number(draft.now),
  isContributor: contributors.includes(person.id),
  isNewPerson: draft.wallMs - person.createdMs < NEW_PERSON_MS,
})

export type Signing = { readonly id: Uuid; readonly contentHash: string }

const refuseSigning = (draft: Draft, launch: Launch, signing: Signing, person: Person): Reply | null => {
  const row = { launch: { row: launch, draft } }
  if (launch.premortem === 'collecting') return refuse('launch_premortem_collecting', row)
  if (signing.contentHash !== launch.contentHash) return refuse('launch_content_changed', row)
  const own = launch.signatures.find((each) => each.person === person.id)
  if (own !== undefined)
    return refuse('launch_already_signed', {
      message: `${person.name} has signed already, as ${own.role}: the other signature is another person’s.`,
      ...row,
    })
  const taken = launch.signatures.find((each) => each.role === person.role)
  if (taken !== undefined)
    return refuse('launch_already_signed', {
      message: `${taken.name} has signed as ${taken.role} already: the other role is missing.`,
      ...row,
    })
  return null
}

const isComplete = (signatures: readonly Signature[]): boolean =>
  SIGNERS.every((role) => signatures.some((each) => each.role === role)) &&
  new Set(signatures.map(({ person }) => person)).size >= SIGNERS.length

/** One person, one role, over the content as it was read. The second makes the launch signed. */
export const signInDraft = (draft: Draft, signing: Signing, asking: Asking): Reply => {
  const launch = launchFor(draft, signing.id, asking, { right: 'sign', move: 'sign' })
  if (isReply(launch)) return launch
  const { person } = asking
  const role = person === null ? null : signerRoleOf(person)
  if (person === null || role === null) return refuse('person_required')
  const refused = refuseSigning(draft, launch, signing, person)
  if (refused !== null) return refused
  const now = Number(draft.now)
  const signer = signerOf(draft, person, role, launch.contributors)
  const expiresMicros = now + SIGNATURE_LIFE_DAYS * MICROS_PER_DAY
  const moved = (signature: Signature): Launch => {
    const signed = { ...launch, signatures: [...launch.signatures, signature] }
    return isComplete(signed.signatures) ? signaturesCompleted(signed, now) : resettled(signed, now)
  }
  const { contentHash } = launch
  return withReceipt(draft, launch, asking, 'launch.signed', (receipt) =>
    moved({ ...signer, contentHash, expiresMicros, ...receipt }),
  )
}

type PlacedReceipt = { readonly position: number; readonly hash: string }
const UNPLACED: PlacedReceipt = { position: 0, hash: '' }

/**
 * Acts with a signature that carries its own place in the audit log: the entry is written of the launch as it will be, and
 * its position and hash then stand in the signature.
 */
export const withReceipt = (
  draft: Draft,
  before: Launch,
  asking: Asking,
  action: string,
  after: (receipt: PlacedReceipt) => Launch,
): Reply => {
  const cause = causeOf(asking)
  let placed = after(UNPLACED)
  const receipt = actOnLaunch(draft, before, placed, cause, {
    action,
    anchor: true,
    placing: (given) => {
      placed = after(given)
      return placed
    },
  })
  return launchReply(draft, placed, receipt)
}
