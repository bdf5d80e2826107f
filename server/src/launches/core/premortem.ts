import type { Micros, Uuid } from '../../kit/index.ts'
import type { Risk } from './model.ts'

/** What one person feared, written alone. */
export type WrittenRisk = {
  readonly id: Uuid
  /** person_… */
  readonly person: string
  readonly name: string
  readonly writtenMicros: number
  readonly risk: Risk
}

/** Kept apart from the launch: while it is collected, nobody sees what another wrote, not even how much. */
export type Premortem = {
  readonly id: Uuid
  readonly createdMicros: Micros
  readonly risks: readonly WrittenRisk[]
}

/** How many people have written: all that anybody else is told. */
export const writersOf = ({ risks }: Pick<Premortem, 'risks'>): string[] => [
  ...new Set(risks.map(({ person }) => person)),
]

/** What a person may see of it. */
export const visibleRisks = (
  premortem: Pick<Premortem, 'risks'>,
  state: 'collecting' | 'opened',
  person: string | null,
): readonly WrittenRisk[] =>
  state === 'opened' ? premortem.risks : premortem.risks.filter((one) => one.person === person)

/** Risks that are one: the first stays, the others go into it. By index or id, as the caller names them. */
export type Merge = readonly Uuid[]

/**
 * Merged: of each group of duplicates the first is kept with the highest probability and the widest range of all, because
 * whoever feared most may have seen most.
 */
export const mergeRisks = (written: readonly WrittenRisk[], merges: readonly Merge[]): Risk[] => {
  const groupOf = new Map<Uuid, Merge>()
  for (const merge of merges) for (const id of merge) groupOf.set(id, merge)
  const merged: Risk[] = []
  for (const one of written) {
    const group = groupOf.get(one.id)
    if (group === undefined) {
      merged.push(one.risk)
      continue
    }
    if (group[0] !== one.id) continue
    const all = group.flatMap((id) => written.filter((each) => each.id === id)).map(({ risk }) => risk)
    merged.push({
      ...one.risk,
      probability: Math.max(...all.map(({ probability }) => probability)),
      impact_low: Math.min(...all.map(({ impact_low }) => impact_low)),
      impact_high: Math.max(...all.map(({ impact_high }) => impact_high)),
      mitigation: one.risk.mitigation || (all.find(({ mitigation }) => mitigation !== '')?.mitigation ?? ''),
      tripwire: one.risk.tripwire ?? all.find(({ tripwire }) => tripwire !== null)?.tripwire ?? null,
    })
  }
  return merged
}
