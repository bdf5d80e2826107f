import type { Draft } from '../database/index.ts'
import type { Json, Reply, Uuid } from '../kit/index.ts'
import { showId } from '../kit/index.ts'
import { type Asking, isReply, launchFor, refuse } from './asking.ts'
import { checkRisk } from './core/check.ts'
import { completeRisk } from './core/complete.ts'
import type { RiskInput } from './core/input.ts'
import type { Launch } from './core/model.ts'
import { type Merge, mergeRisks, type Premortem, type WrittenRisk, writersOf } from './core/premortem.ts'
import { RISKS_MOST, WRITTEN_EACH_MOST, WRITTEN_RISKS_MOST } from './limits.ts'
import { putLaunch } from './move.ts'
import { premortems } from './store.ts'
import { RISK_PREFIX, showWrittenRisk } from './views.ts'
import { putContent, withContributor } from './write.ts'

/*
 * Everybody writes alone first, because whoever hears the first fear has no other. So what was written is kept apart from
 * the launch and in no event and no entry of the audit log before the owner opens it; then the log says who wrote what.
 */

const emptyPremortem = (launch: Launch): Premortem => ({
  id: launch.id,
  createdMicros: launch.createdMicros,
  risks: [],
})

export type WritingRisk = { readonly id: Uuid; readonly risk: Uuid; readonly input: RiskInput }

export const writeRiskInDraft = (draft: Draft, writing: WritingRisk, asking: Asking): Reply => {
  const launch = launchFor(draft, writing.id, asking, { right: 'write_risk', move: 'write_risk' })
  if (isReply(launch)) return launch
  const { person } = asking
  if (person === null) return refuse('person_required')
  if (launch.premortem === 'opened')
    return refuse('launch_premortem_opened', { launch: { row: launch, draft } })
  const risk = completeRisk(writing.input, person.id)
  const wrong = checkRisk(risk, launch.content.subject, '')
  if (wrong !== null) return refuse('launch_invalid', wrong)
  const before = draft.get(premortems.table, launch.id) ?? emptyPremortem(launch)
  const own = before.risks.filter((each) => each.person === person.id).length
  if (own >= WRITTEN_EACH_MOST || before.risks.length >= WRITTEN_RISKS_MOST)
    return refuse('launch_too_many', {
      message: `A person writes at most ${WRITTEN_EACH_MOST} risks, all together ${WRITTEN_RISKS_MOST}.`,
    })
  const written: WrittenRisk = {
    id: writing.risk,
    person: person.id,
    name: person.name,
    writtenMicros: Number(draft.now),
    risk,
  }
  const after: Premortem = { ...before, risks: [...before.risks, written] }
  draft.put(premortems.table, launch.id, after)
  const writers = writersOf(after).length
  if (writers !== launch.writers) putLaunch(draft, launch, { ...launch, writers })
  const shown = showWrittenRisk(launch.id, written)
  return { status: 200, body: JSON.stringify(shown), objectId: shown.id, code: null }
}

export type Opening = { readonly id: Uuid; readonly merge: readonly { readonly ids: Merge }[] }

const wrongMerge = (written: readonly WrittenRisk[], merges: Opening['merge']): string | null => {
  const known = new Set(written.map(({ id }) => id))
  const seen = new Set<Uuid>()
  for (const { ids } of merges) {
    for (const id of ids) {
      const shown = showId(RISK_PREFIX, id)
      if (!known.has(id)) return `${shown} is no risk of this pre-mortem.`
      if (seen.has(id)) return `${shown} stands twice: a risk is merged into one other.`
      seen.add(id)
    }
  }
  return null
}

const noted = (written: readonly WrittenRisk[]): Json =>
  written.map(({ id, person, name, writtenMicros, risk }) => ({
    id: showId(RISK_PREFIX, id),
    person,
    name,
    written_micros: writtenMicros,
    risk: risk as unknown as Json,
  }))

export const openInDraft = (draft: Draft, { id, merge }: Opening, asking: Asking): Reply => {
  const launch = launchFor(draft, id, asking, { right: 'open_premortem', move: 'open_premortem' })
  if (isReply(launch)) return launch
  const row = { launch: { row: launch, draft } }
  if (asking.person?.id !== launch.content.owner) return refuse('launch_owner_required', row)
  if (launch.premortem === 'opened') return refuse('launch_premortem_opened', row)
  const written = draft.get(premortems.table, id)?.risks ?? []
  if (written.length === 0) return refuse('launch_premortem_empty', row)
  const wrong = wrongMerge(written, merge)
  if (wrong !== null) return refuse('launch_invalid', { param: 'merge', message: wrong })
  const merged = mergeRisks(
    written,
    merge.map(({ ids }) => ids),
  )
  const risks = [...launch.content.risks, ...merged]
  if (risks.length > RISKS_MOST)
    return refuse('launch_too_many', {
      param: 'merge',
      message: `A launch has at most ${RISKS_MOST} risks: merge those that are one.`,
    })
  const contributors = written.reduce<readonly string[]>(
    (all, { person }) => withContributor(all, person),
    launch.contributors,
  )
  const content = { ...launch.content, risks }
  return putContent(draft, launch, content, asking, {
    action: 'launch.premortem_opened',
    more: { premortem: 'opened', contributors },
    is: { written: noted(written) },
  })
}
