import type { ClientBase } from 'pg'
import { type Check, Sheet, withSnapshot } from '../database/index.ts'
import { SetupProblem, type TenantId } from '../kit/index.ts'
import { anchorFileOf, readLines } from './anchors/file.ts'
import { isSignedBy, readAnchorKey } from './anchors/key.ts'
import type { Anchor } from './core/anchor.ts'
import { isOfLostTime, type LostTime, lostTimeOf, RESTORED } from './core/lost-time.ts'
import { type TrustedAnchors, trustedAnchors } from './core/trust.ts'
import { ChainCheck, type ChainReport, fieldsOf, type StoredEntry } from './core/verify-chain.ts'
import { UNREADABLE_NAMED } from './limits.ts'
import { chainedTenants, entriesOf, headOf, walkEntries } from './store/stored-entries.ts'

const CHAIN =
  'Each audit log is one chain without a gap: no entry was changed, taken out, put between or moved.'
const ANCHORS =
  'Each head that was signed outside the database is the entry that stands there, so nothing up to it was rewritten or cut off.'

const MILLIS_PER_SECOND = 1_000

/** What the live log says of a sandbox that is deleted: where its own log ended. */
type Deleted = { readonly tenant: number; readonly position: number; readonly hash: string }

/** The live tenant's number: sandboxes end in its log only. */
const LIVE = 1

const deletedBy = ({ action, content }: StoredEntry): Deleted | null => {
  if (action !== 'sandbox.deleted') return null
  const { before } = (fieldsOf(content) ?? {}) as { readonly before?: Partial<Deleted> | null }
  const { tenant, position, hash } = before ?? {}
  return tenant === undefined || position === undefined || hash === undefined
    ? null
    : { tenant, position, hash }
}

type Walked = {
  readonly tenant: TenantId
  readonly report: ChainReport
  readonly deleted: readonly Deleted[]
}

type Signed = { readonly anchors: readonly Anchor[]; readonly lost: readonly LostTime[] }

const walk = async (reader: ClientBase, tenant: TenantId, { anchors, lost }: Signed): Promise<Walked> => {
  const check = new ChainCheck(anchors, (anchor) => isOfLostTime(anchor, lost))
  const deleted: Deleted[] = []
  await walkEntries(reader, tenant, (entry) => {
    check.take(entry)
    const one = tenant === LIVE ? deletedBy(entry) : null
    if (one !== null) deleted.push(one)
  })
  return { tenant, report: check.end(await headOf(reader, tenant)), deleted }
}

const tell = (sheet: Sheet, { tenant, report }: Walked): void => {
  sheet.rows += report.entries
  if (report.bad === null) return
  const { position, what, signed } = report.bad
  const when = signed === undefined ? {} : { signed: new Date(signed * MILLIS_PER_SECOND).toISOString() }
  sheet.find(tenant, what, { position, ...when })
}

/** The chains alone, as part of verifying everything: what was rewritten as a whole is seen with the anchors only. */
export const verifyAuditChains = async (
  reader: ClientBase,
  tenants: readonly TenantId[],
): Promise<readonly Check[]> => {
  const sheet = new Sheet('audit log', CHAIN)
  for (const tenant of tenants) tell(sheet, await walk(reader, tenant, { anchors: [], lost: [] }))
  return [sheet.result()]
}

type Looked = { readonly walked: readonly Walked[]; readonly lost: readonly LostTime[] }

/**
 * What went with a restore is no forgery, and no secret either: whoever looks is told how much it was and who says so. A
 * sandbox that was made in a lost time and is gone with it counts here too.
 */
const noteLost = (
  sheet: Sheet,
  anchored: ReadonlyMap<number, readonly Anchor[]>,
  { walked, lost }: Looked,
): void => {
  const standing = new Map<number, number>(walked.map(({ tenant, report }) => [tenant, report.lost]))
  const heads = [...anchored].reduce((sum, [tenant, anchors]) => {
    const gone = (): number => anchors.filter((anchor) => isOfLostTime(anchor, lost)).length
    return sum + (standing.get(tenant) ?? gone())
  }, 0)
  const shown = (seconds: number): string => new Date(seconds * MILLIS_PER_SECOND).toISOString()
  for (const { position, backup, from, until } of lost)
    sheet.note(
      `The database was restored from the backup ${backup}, as entry ${position} of the live log says: what was recorded from ${shown(from)} to ${shown(until)} is not in it.`,
    )
  if (heads > 0)
    sheet.note(`${heads} heads that were signed in such a time are of entries that went with it.`)
}

/** Tenants of which heads were signed and nothing stands: right only where the live log says that they were deleted. */
const checkGone = (
  sheet: Sheet,
  anchored: ReadonlyMap<number, readonly Anchor[]>,
  { walked, lost }: Looked,
): void => {
  const standing = new Set<number>(walked.map(({ tenant }) => tenant))
  const deleted = new Map(walked.flatMap((one) => one.deleted.map((each) => [each.tenant, each])))
  for (const [tenant, anchors] of anchored) {
    const binding = anchors.filter((anchor) => !isOfLostTime(anchor, lost))
    if (standing.has(tenant) || binding.length === 0) continue
    const end = deleted.get(tenant)
    const beyond = binding.find(
      ({ position, hash }) =>
        end === undefined || position > end.position || (position === end.position && hash !== end.hash),
    )
    if (beyond === undefined) {
      sheet.note(`tenant ${tenant} was a sandbox that was deleted, as the live log says.`)
      continue
    }
    const what =
      end === undefined
        ? 'its log was signed and is gone, and no entry says that the sandbox was deleted'
        : 'its log was signed further than where it ended, as the entry of its deletion says'
    sheet.find(tenant, what, { position: beyond.position })
  }
}

const noteUnanchored = (
  sheet: Sheet,
  walked: readonly Walked[],
  nameOf: (tenant: number) => string,
): void => {
  for (const { tenant, report } of walked) {
    const { unanchored, anchoredTo } = report
    if (unanchored === 0) continue
    const many = unanchored === 1 ? '1 entry is' : `${unanchored} entries are`
    const since = anchoredTo === 0 ? 'nothing was signed so far' : `all after position ${anchoredTo}`
    sheet.note(`${nameOf(tenant)}: ${many} not yet anchored, ${since}.`)
  }
}

export type AuditVerifyOptions = {
  /** The folder of the anchor file. */
  readonly folder: string
  /** The key that signs, where it is on this machine. */
  readonly keyFile: string | null
  /** What whoever looks knows from elsewhere; it goes before the key of this machine. */
  readonly publicKeys: readonly string[]
  /** How people call a tenant. */
  readonly nameOf: (tenant: number) => string
}

const readAnchors = (options: AuditVerifyOptions, sheet: Sheet): TrustedAnchors => {
  const { folder, keyFile, publicKeys } = options
  const read = readLines(folder)
  if (read === null)
    throw new SetupProblem(
      `There is no anchor file ${anchorFileOf(folder)}, so what the log was cannot be known`,
      'Give --anchors the folder in which it is kept; a server makes it when it starts.',
    )
  const own = publicKeys.length > 0 || keyFile === null ? null : readAnchorKey(keyFile)
  const known = own === null ? publicKeys : [own.publicKey]
  const trusted = trustedAnchors(read.lines, known, isSignedBy)
  for (const wrong of trusted.wrong) sheet.find(null, wrong)
  const by = known.length > 0 ? '' : ', which the file itself names: give --public-key to be sure of it'
  sheet.note(`Signed by ${trusted.keys.join(', ')}${by}.`)
  if (read.unreadable.length > 0) {
    const lines = read.unreadable.slice(0, UNREADABLE_NAMED).join(', ')
    sheet.note(`${read.unreadable.length} lines of the anchor file cannot be read: ${lines}.`)
  }
  return trusted
}

/** All chains, and each of them against the heads that were signed outside the database. */
export const verifyAudit = async (
  reader: ClientBase,
  options: AuditVerifyOptions,
): Promise<readonly Check[]> => {
  const chains = new Sheet('audit log', CHAIN)
  const anchoring = new Sheet('audit anchors', ANCHORS)
  // The file first: what is signed meanwhile is newer than the moment that is looked at.
  const { anchors } = readAnchors(options, anchoring)
  const anchored = Map.groupBy(anchors, ({ tenant }) => tenant)
  await withSnapshot(reader, async () => {
    const restores = await entriesOf(reader, LIVE, RESTORED)
    const lost = restores.flatMap((entry) => lostTimeOf(entry) ?? [])
    const walked: Walked[] = []
    for (const tenant of await chainedTenants(reader)) {
      walked.push(await walk(reader, tenant, { anchors: anchored.get(tenant) ?? [], lost }))
    }
    for (const one of walked) tell(chains, one)
    checkGone(anchoring, anchored, { walked, lost })
    noteLost(anchoring, anchored, { walked, lost })
    noteUnanchored(anchoring, walked, options.nameOf)
  })
  anchoring.rows = anchors.length
  return [chains.result(), anchoring.result()]
}
