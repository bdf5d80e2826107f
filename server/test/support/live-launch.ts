import type { Commit, Draft, Round } from '../../src/database/index.ts'
import { type Control, declareControls, putControl } from '../../src/exposure/index.ts'
import { type Micros, newUuid, type TenantId } from '../../src/kit/index.ts'

/** A control as a test wants it, without a launch's record behind it. */
export type Wanted = Partial<Omit<Control, 'version'>>

/** A control that is put again may bring what was answered with it. */
const known = (wanted: Wanted & Partial<Changed>): Wanted => {
  const { version: _version, atMicros: _at, ...rest } = wanted
  return rest
}

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
  ...known(wanted),
})

/** The version of the controls, and the recorded time of the commit: what was made later was decided by them. */
export type Changed = { readonly version: number; readonly atMicros: Micros }

const change = async (
  commit: Commit,
  tenant: TenantId,
  decide: (draft: Draft) => number,
): Promise<Changed> => {
  const reads: Round[] = [(declare) => declareControls(declare)]
  const outcome = await commit.submit({
    tenant,
    name: 'test.control',
    items: 1,
    bytes: 0,
    // Of no clock: that of a simulation jumps.
    deadlineMs: Number.MAX_SAFE_INTEGER,
    claim: null,
    duringAdvance: true,
    reads,
    decide: (draft) => {
      const version = decide(draft)
      return { kind: 'answer', answer: { version, atMicros: draft.nextTime() }, reply: null }
    },
  })
  if (outcome.kind !== 'decided') throw new Error('a control is put')
  return outcome.answer
}

/** Puts a control; the same launch again changes it. When it is answered, no attempt is decided by an older one. */
export const putLive = async (
  commit: Commit,
  tenant: TenantId,
  wanted: Wanted = {},
): Promise<Control & Changed> => {
  const control = controlMade(wanted)
  return { ...control, ...(await change(commit, tenant, (draft) => putControl(draft, control))) }
}
