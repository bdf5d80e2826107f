import { isInForce } from '../core/gates.ts'
import type { Launch, Signature, SignerRole, Waiver } from '../core/model.ts'

const MICROS_PER_SECOND = 1_000_000

const seconds = (micros: number): number => Math.floor(micros / MICROS_PER_SECOND)

const ROLES: readonly SignerRole[] = ['business', 'technology']

type State = 'valid' | 'expired' | 'void' | 'missing'

const isLive = ({ status }: Launch): boolean =>
  status !== 'draft' && status !== 'signed' && status !== 'armed'

/** A signature of a launch that has started counts as it stood then. */
const stateOf = (launch: Launch, signature: Signature, nowMicros: number): State => {
  if (signature.contentHash !== launch.contentHash) return 'void'
  const atMicros = isLive(launch) ? (launch.startedMicros ?? nowMicros) : nowMicros
  return signature.expiresMicros > atMicros ? 'valid' : 'expired'
}

const rank: Readonly<Record<State, number>> = { valid: 0, expired: 1, void: 2, missing: 3 }

/** One line for each role, and what its signature is worth at this moment. */
export const signaturesOf = (launch: Launch, nowMicros: number) =>
  ROLES.map((role) => {
    const [best] = launch.signatures
      .filter((signature) => signature.role === role)
      .map((signature) => ({ signature, state: stateOf(launch, signature, nowMicros) }))
      .sort((one, other) => rank[one.state] - rank[other.state])
    if (best === undefined) return { role, state: 'missing' as State, signed: null }
    const { signature, state } = best
    return {
      role,
      state,
      signed: {
        person: signature.person,
        name: signature.name,
        at: seconds(signature.signedMicros),
        expires_at: seconds(signature.expiresMicros),
        is_new_person: signature.isNewPerson,
        is_contributor: signature.isContributor,
        position: signature.position,
        hash: signature.hash,
      },
    }
  })

const waiverState = (waiver: Waiver, nowMicros: number): 'in_force' | 'expired' | 'unsigned' => {
  if (waiver.expiresMicros <= nowMicros) return 'expired'
  return isInForce(waiver, nowMicros) ? 'in_force' : 'unsigned'
}

/** Waivers are shown until they end. */
export const waiversOf = (launch: Launch, nowMicros: number) =>
  launch.waivers
    .filter((waiver) => waiverState(waiver, nowMicros) !== 'expired')
    .map((waiver) => ({
      id: waiver.id,
      gate: waiver.gate,
      reason: waiver.reason,
      state: waiverState(waiver, nowMicros),
      expires_at: seconds(waiver.expiresMicros),
      signatures: waiver.signatures.map(({ name, role, isNewPerson }) => ({
        name,
        role,
        is_new_person: isNewPerson,
      })),
    }))
