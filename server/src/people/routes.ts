import { Type } from 'typebox'
import {
  defineRoute,
  listOf,
  listQuery,
  type RequestContext,
  type Route,
  rangeFilter,
} from '../http/index.ts'
import {
  type Door,
  findRecord,
  listRecords,
  livemodeOf,
  noSuchReply,
  readable,
  readIdOf,
} from '../requests/index.ts'
import { PERSON_PREFIX, type PersonRow } from './core/model.ts'
import { people } from './store.ts'
import { showPerson } from './views.ts'

const PATH = '/v1/people'
const NOUN = 'person'

const seconds = (description: string) => Type.Integer({ description })

const personObject = Type.Object({
  id: Type.String({ description: 'person_…' }),
  object: Type.Literal('person'),
  created: seconds('When `evenkeel people add` made it, by the wall clock.'),
  livemode: Type.Boolean(),
  name: Type.String(),
  removed_at: Type.Union([seconds('When the person was removed, by the wall clock.'), Type.Null()]),
  role: Type.Union(
    [Type.Literal('business'), Type.Literal('technology'), Type.Literal('operator'), Type.Literal('viewer')],
    { description: 'business and technology sign launches, operators stop them, viewers look.' },
  ),
})

const listRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: PATH,
    operation: 'listPeople',
    summary: 'List the people',
    description:
      'Who has a key of their own and signs launches, the newest first; those who were removed as well. No call of the API makes or changes a person: that is done at the machine, with `evenkeel people`.',
    permission: 'people.read',
    query: listQuery({ created: Type.Optional(rangeFilter('When the record was made')) }),
    answer: listOf(personObject),
    errors: {},
    handle: (context, { query }) =>
      listRecords(door, context, {
        records: people,
        prefix: PERSON_PREFIX,
        noun: NOUN,
        url: PATH,
        query,
        filters: [],
        show: (row) => showPerson(row, livemodeOf(context)),
      }),
  })

const find = async (door: Door, context: RequestContext, shownId: string): Promise<PersonRow | null> =>
  findRecord(door, context, people, readIdOf(NOUN, PERSON_PREFIX, shownId, 'id'))

const retrieveRoute = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: `${PATH}/:id`,
    operation: 'retrievePerson',
    summary: 'Show a person',
    description: 'Name and role; of the key nobody is shown anything.',
    permission: 'people.read',
    params: Type.Object({ id: Type.String({ maxLength: 100 }) }),
    answer: personObject,
    errors: {},
    handle: (context, { params }) =>
      readable(async () => {
        const found = await find(door, context, params.id)
        return found === null ? noSuchReply(NOUN, params.id, 'id') : showPerson(found, livemodeOf(context))
      }),
  })

export const routesOf = (door: Door): Route[] => [listRoute(door), retrieveRoute(door)]
