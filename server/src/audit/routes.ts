import { Type } from 'typebox'
import {
  defineRoute,
  listObject,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  readPage,
} from '../http/index.ts'
import { parseId, type Reply } from '../kit/index.ts'
import { type Door, livemodeOf, noSuchReply } from '../requests/index.ts'
import { AUDIT_PREFIX } from './core/entry.ts'
import { FILTER_CHARS } from './limits.ts'
import { findEntry, findEntryAt, listEntries, readShown, type ShownRow } from './store/list-entries.ts'
import { type ShownContent, type ShownEntry, showEntry } from './views.ts'

const PATH = '/v1/audit_entries'
const NOUN = 'audit entry'

const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })
const anything = (description: string) => Type.Unknown({ description })

const entryObject = Type.Object({
  id: Type.String({ description: 'audit_…' }),
  object: Type.Literal('audit_entry'),
  action: Type.String({ description: 'Such as launch.signed, person.added or key.created.' }),
  actor: Type.Object({
    kind: Type.Union([
      Type.Literal('person'),
      Type.Literal('key'),
      Type.Literal('operator'),
      Type.Literal('platform'),
    ]),
    id: Type.String({
      description:
        'person_…, key_…, the operating system’s user at the command line, or a part of the platform.',
    }),
    name: nullableText('Of a person.'),
    role: nullableText('In which a person acted.'),
  }),
  after: anything('What it was changed to.'),
  before: anything('What it was.'),
  created: Type.Integer({ description: 'When, by the tenant’s clock.' }),
  created_microsecond: Type.Integer({ description: 'The part of the second, in microseconds.' }),
  hash: Type.String({
    description: 'SHA-256 over previous_hash and the canonical JSON of all else but object and livemode.',
  }),
  livemode: Type.Boolean(),
  position: Type.Integer({ description: 'In the tenant’s chain: from 1, without gaps.' }),
  previous_hash: Type.String({ description: 'The hash of the entry before; 64 zeros for the first.' }),
  reason: nullableText('Why, in the words of whoever acted.'),
  recorded: Type.Integer({ description: 'When, by the database’s own clock, which nobody can move.' }),
  subject: Type.String({ description: 'The id of what it is about.' }),
})

const query = listQuery({
  action: Type.Optional(Type.String({ maxLength: FILTER_CHARS, description: 'Only acts of this kind.' })),
  subject: Type.Optional(
    Type.String({ maxLength: FILTER_CHARS, description: 'Only what was done to this, such as launch_….' }),
  ),
  position: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Only the entry at this position, as a receipt names it.' }),
  ),
})

const find = async (door: Door, context: RequestContext, shownId: string): Promise<ShownRow | null> => {
  const id = parseId(AUDIT_PREFIX, shownId)
  if (id === null) return null
  const [rows = []] = await door.read(context.tenant, [findEntry(context.tenant, id)])
  return rows[0] === undefined ? null : readShown(rows[0])
}

const positionOf = ({ content }: ShownRow): number => (JSON.parse(content) as ShownContent).position

const listRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listAuditEntries',
    summary: 'List the audit log',
    description:
      'Who did what to launches, people, keys and settings, when and why, the newest first. Nobody can change an entry: each holds the hash of the one before it, and the newest hash is signed outside the database.',
    permission: 'audit.read',
    query,
    answer: listOf(entryObject),
    errors: {},
    handle: async (context, { query }) => {
      const { tenant } = context
      const page = readPage(query)
      const show = (row: ShownRow): ShownEntry => showEntry(row, livemodeOf(context))
      if (query.position !== undefined) {
        const [rows = []] = await door.read(tenant, [findEntryAt(tenant, query.position)])
        return listObject(PATH, page, rows.map(readShown), show)
      }
      const cursor = page.cursor === null ? null : await find(door, context, page.cursor)
      if (page.cursor !== null && cursor === null) {
        const param = page.direction === 'forward' ? 'starting_after' : 'ending_before'
        return missingReply(NOUN, page.cursor, param)
      }
      const list = listEntries(tenant, {
        limit: page.limit,
        direction: page.direction,
        beyond: cursor === null ? null : positionOf(cursor),
        subject: query.subject ?? null,
        action: query.action ?? null,
      })
      const [rows = []] = await door.read(tenant, [list])
      return listObject(PATH, page, rows.map(readShown), show)
    },
  })

const retrieveRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrieveAuditEntry',
    summary: 'Show an entry of the audit log',
    description: 'With its hash and that of the entry before, so that anybody can compute it again.',
    permission: 'audit.read',
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    answer: entryObject,
    errors: {},
    handle: async (context, { params }): Promise<ShownEntry | Reply> => {
      const found = await find(door, context, params.id)
      return found === null ? noSuchReply(NOUN, params.id, 'id') : showEntry(found, livemodeOf(context))
    },
  })

export const routesOf = (door: Door): Route[] => [listRoute(door), retrieveRoute(door)]
