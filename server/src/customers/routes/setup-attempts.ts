import { Type } from 'typebox'
import { defineRoute, listOf, listQuery, missingReply, type Route, rangeFilter } from '../../http/index.ts'
import { parseId } from '../../kit/index.ts'
import { expandList, findRecord, listRecords, livemodeOf } from '../../requests/index.ts'
import type { CustomersDoor } from '../door.ts'
import { SETUP_REASONS } from '../errors.ts'
import { SETUP_ATTEMPT_PATHS } from '../expanders.ts'
import { setupAttemptObject } from '../setup-schemas.ts'
import { setupAttempts, setupIntents } from '../store/tables.ts'
import { SETUP_ATTEMPT_PREFIX, SETUP_INTENT_PREFIX, showSetupAttempt } from '../views.ts'

export const setupAttemptRoute = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/setup_attempts',
    operation: 'listSetupAttempts',
    summary: 'List the attempts of a SetupIntent',
    description: 'Newest first: each try to set its card up, and what came of it.',
    permission: 'setup_intents.read',
    query: listQuery({
      created: Type.Optional(rangeFilter('When it was made')),
      setup_intent: Type.String({ description: 'seti_….' }),
    }),
    expandable: SETUP_ATTEMPT_PATHS,
    answer: listOf(setupAttemptObject),
    errors: SETUP_REASONS,
    handle: async (context, { query }) => {
      const intent = parseId(SETUP_INTENT_PREFIX, query.setup_intent)
      const row = intent === null ? null : await findRecord(door, context, setupIntents, intent)
      if (row === null) return missingReply('setupintent', query.setup_intent, 'setup_intent')
      const found = await listRecords(door, context, {
        records: setupAttempts,
        prefix: SETUP_ATTEMPT_PREFIX,
        noun: 'setup attempt',
        url: '/v1/setup_attempts',
        query,
        filters: [{ column: 'setup_intent', value: row.id }],
        show: (attempt) => showSetupAttempt(attempt, livemodeOf(context)),
      })
      return 'data' in found ? expandList(door, context, found) : found
    },
  })
