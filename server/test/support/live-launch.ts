import type { Commit, Draft, Round } from '../../src/database/index.ts'
import { type Control, declareControls, putControl, removeControl } from '../../src/exposure/index.ts'
import { newUuid, type TenantId, type Uuid } from '../../src/kit/index.ts'

/** A control as a test wants it, without a launch's record behind it. */
export type Wanted = Partial<Omit<Control, 'version'>>

/** Everybody, by the card, to the rail `express`. */
export const controlMade = (wanted: Wanted): Omit<Control, 'version'> => ({
  launch: newUuid(Date.now()),
  subject: { kind: 'route', rails: ['express'] },
  unit: 'card',
  salt: 'salt',
  exposureBp: 10_000,
  named: [],
  excluded: [],
  filters: { countries: [], currencies: [], amountFrom: null, amountTo: null },
  caps: null,
  stage: 0,
  isStopped: false,
  ...wanted,
})

const change = async (
  commit: Commit,
  tenant: TenantId,
  decide: (draft: Draft) => number,
): Promise<number> => {
  const reads: Round[] = [(declare) => declareControls(declare)]
  const outcome = await commit.submit({
    tenant,
    name: 'test.control',
    items: 1,
    bytes: 0,
    deadlineMs: Date.now() + 30_000,
    claim: null,
    duringAdvance: true,
    reads,
    decide: (draft) => ({ kind: 'answer', answer: decide(draft), reply: null }),
  })
  if (outcome.kind !== 'decided') throw new Error('a control is put')
  return outcome.answer
}

/** Puts a control; the same launch again changes it. When it is answered, no attempt is decided by an older one. */
export const putLive = async (commit: Commit, tenant: TenantId, wanted: Wanted = {}): Promise<Control> => {
  const control = controlMade(wanted)
  const version = await change(commit, tenant, (draft) => putControl(draft, control))
  return { ...control, version }
}

export const removeLive = (commit: Commit, tenant: TenantId, launch: Uuid): Promise<number> =>
  change(commit, tenant, (draft) => removeControl(draft, launch))
