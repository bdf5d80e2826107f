import type { Declare, Draft } from '../database/index.ts'
import { declareEndpoint, listensTo } from '../events/index.ts'
import { missingNamedReply } from '../http/index.ts'
import { canonicalJson, type Json, parseId, type Reply, sha256, type Uuid } from '../kit/index.ts'
import { type Asking, causeOf, isReply, launchFor, launchReply, refuse, refuseForbidden } from './asking.ts'
import { checkContent } from './core/check.ts'
import type { KnownRails } from './core/check-subject.ts'
import { completeContent } from './core/complete.ts'
import type { LaunchInput } from './core/input.ts'
import type { Launch, LaunchContent } from './core/model.ts'
import { edited, resettled } from './core/moves.ts'
import { actOnLaunch } from './move.ts'

/* Drafts are made and changed here; what people fear stands in premortem.ts. */

/** What is signed: SHA-256 of the content's canonical JSON. */
export const hashOf = (content: LaunchContent): string =>
  sha256(canonicalJson(content as unknown as Json)).toString('hex')

const asJson = (value: unknown): Json => value as Json

/** Of the fields that differ, what they were. */
const changedFields = (before: LaunchContent, after: LaunchContent): Json => {
  const names = Object.keys(after) as (keyof LaunchContent)[]
  const differ = names.filter(
    (name) => canonicalJson(asJson(before[name])) !== canonicalJson(asJson(after[name])),
  )
  return Object.fromEntries(differ.map((name) => [name, asJson(before[name])]))
}

/** Whoever is to be told must be able to hear it. */
const refuseNotify = (draft: Draft, { notify }: LaunchContent): Reply | null => {
  if (notify === null) return null
  const id = parseId('we', notify)
  const listens = id === null ? null : listensTo(draft, id, 'launch.waiting')
  if (listens === null) return missingNamedReply('webhook endpoint', notify, 'notify')
  if (listens) return null
  return refuse('launch_invalid', {
    param: 'notify',
    message: `${notify} would not be told: enable it, with launch.waiting or * among its enabled_events.`,
  })
}

/** Among the first reads of a unit that writes a content with this endpoint. */
export const declareNotify = (declare: Declare, notify: string | null | undefined): void => {
  const id = notify === null || notify === undefined ? null : parseId('we', notify)
  if (id !== null) declareEndpoint(declare, id)
}

const refuseContent = (
  draft: Draft,
  content: LaunchContent,
  rails: KnownRails,
  isNotifyNew: boolean,
): Reply | null => {
  const found = checkContent(content, rails)
  if (found !== null) return refuse('launch_invalid', found)
  return isNotifyNew ? refuseNotify(draft, content) : null
}

export const withContributor = (contributors: readonly string[], id: string): readonly string[] =>
  contributors.includes(id) ? contributors : [...contributors, id]

export type Creating = {
  readonly id: Uuid
  readonly input: LaunchInput
  readonly rails: KnownRails
  /** Random, made once and kept for the launch's life, over retries as well. */
  readonly salt: string
}

export const createInDraft = (draft: Draft, { id, input, rails, salt }: Creating, asking: Asking): Reply => {
  const forbidden = refuseForbidden('create', asking)
  if (forbidden !== null) return forbidden
  const content = completeContent(input, null, asking.person?.id ?? '')
  const refused = refuseContent(draft, content, rails, true)
  if (refused !== null) return refused
  const made: Launch = {
    id,
    createdMicros: draft.nextTime(),
    livemode: asking.livemode,
    writers: 0,
    content,
    contentHash: hashOf(content),
    contributors: [asking.actor.id],
    premortem: 'collecting',
    status: 'draft',
    stage: 0,
    salt,
    signatures: [],
    approvals: [],
    waivers: [],
    waiting: null,
    startAtMicros: null,
    startedMicros: null,
    stageStartedMicros: null,
    stopped: null,
    incident: null,
    retries: 0,
  }
  const launch = resettled(made, Number(draft.now))
  const receipt = actOnLaunch(draft, null, launch, causeOf(asking), {
    action: 'launch.created',
    is: { content_hash: launch.contentHash, content: asJson(content) },
  })
  return launchReply(draft, launch, receipt)
}

export type Editing = {
  readonly id: Uuid
  readonly input: LaunchInput
  readonly rails: KnownRails
}

/** Puts a changed content in place: both signatures and all approvals are void, and the hash is another. */
export const putContent = (
  draft: Draft,
  before: Launch,
  content: LaunchContent,
  asking: Asking,
  options: {
    readonly action: string
    readonly more?: Partial<Pick<Launch, 'premortem' | 'contributors'>>
    readonly is?: Readonly<Record<string, Json>>
  },
): Reply => {
  const changed: Launch = {
    ...before,
    contributors: withContributor(before.contributors, asking.actor.id),
    ...options.more,
    content,
    contentHash: hashOf(content),
  }
  const after = edited(changed, Number(draft.now))
  const receipt = actOnLaunch(draft, before, after, causeOf(asking), {
    action: options.action,
    was: { content_hash: before.contentHash, changed: changedFields(before.content, content) },
    is: { content_hash: after.contentHash, content: asJson(content), ...options.is },
  })
  return launchReply(draft, after, receipt)
}

export const editInDraft = (draft: Draft, { id, input, rails }: Editing, asking: Asking): Reply => {
  const launch = launchFor(draft, id, asking, { right: 'edit', move: 'edit' })
  if (isReply(launch)) return launch
  if (input.risks !== undefined && launch.premortem === 'collecting')
    return refuse('launch_premortem_collecting', { param: 'risks', launch: { row: launch, draft } })
  const content = completeContent(input, launch.content, launch.content.owner)
  const refused = refuseContent(draft, content, rails, input.notify !== undefined)
  if (refused !== null) return refused
  // What says the same as before changes nothing, and what was signed stays signed.
  if (hashOf(content) === launch.contentHash) return launchReply(draft, launch)
  return putContent(draft, launch, content, asking, { action: 'launch.updated' })
}
