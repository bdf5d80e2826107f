import { Type } from 'typebox'
import {
  defineRoute,
  listOf,
  listQuery,
  missingReply,
  type RequestContext,
  type Route,
  rangeFilter,
} from '../../http/index.ts'
import { parseId, type Reply, type Uuid } from '../../kit/index.ts'
import {
  expandAnswer,
  expandList,
  findRecord,
  listRecords,
  livemodeOf,
  objectReply,
  readable,
  replyUnit,
  submitForReply,
} from '../../requests/index.ts'
import { deleteCustomer } from '../customer-units.ts'
import { submitCustomer } from '../customer-write.ts'
import { doingOf } from '../doing.ts'
import type { CustomersDoor } from '../door.ts'
import { CUSTOMER_REASONS, PAYMENT_METHOD_REASONS } from '../errors.ts'
import { CUSTOMER_PATHS } from '../expanders.ts'
import { CARDS_DETACHED_MOST } from '../limits.ts'
import {
  anyCustomerObject,
  customerObject,
  customerParameters,
  customerUpdateParameters,
  deletedCustomerObject,
} from '../schemas.ts'
import { cardsOfCustomer } from '../store/queries.ts'
import { customers, paymentMethods } from '../store/tables.ts'
import { CUSTOMER_PREFIX, showCustomer, showLivingCustomer } from '../views.ts'

const ERRORS = { ...CUSTOMER_REASONS, ...PAYMENT_METHOD_REASONS }
const params = Type.Object({ id: Type.String({ description: 'cus_….' }) })

const missingCustomerText = (text: string, param = 'id'): Reply => missingReply('customer', text, param)

/** The customer that a request names in its path; what is no id names nothing. */
const withCustomer = <A>(text: string, handle: (id: Uuid) => A): A | Reply => {
  const id = parseId(CUSTOMER_PREFIX, text)
  return id === null ? missingCustomerText(text) : handle(id)
}

const find = async (door: CustomersDoor, context: RequestContext, id: Uuid): Promise<Reply | null> => {
  const row = await findRecord(door, context, customers, id)
  return row === null ? null : objectReply(showCustomer(row, livemodeOf(context)))
}

const againOf =
  (door: CustomersDoor, context: RequestContext) =>
  async (objectId: string): Promise<Reply | null> => {
    const id = parseId(CUSTOMER_PREFIX, objectId)
    return id === null ? null : find(door, context, id)
  }

const create = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/customers',
    operation: 'createCustomer',
    summary: 'Create a customer',
    description:
      'With payment_method or source, the card is verified at its rail first and then attached; a card that is declined makes no customer.',
    permission: 'customers.write',
    idempotency: 'stored',
    body: customerParameters,
    expandable: CUSTOMER_PATHS,
    answer: customerObject,
    errors: ERRORS,
    examples: { body: { email: 'ada@example.com', name: 'Ada Lovelace', metadata: { plan: 'gold' } } },
    handle: (context, { body }) =>
      readable(async () =>
        expandAnswer(door, context, await submitCustomer(door, context, null, body, againOf(door, context))),
      ),
  })

const update = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/customers/:id',
    operation: 'updateCustomer',
    summary: 'Change a customer',
    description:
      'What is not sent stays. An empty text takes away what was there; metadata is merged key by key.',
    permission: 'customers.write',
    idempotency: 'stored',
    params,
    body: customerUpdateParameters,
    expandable: CUSTOMER_PATHS,
    answer: customerObject,
    errors: ERRORS,
    handle: (context, { params: { id: text }, body }) =>
      readable(() =>
        withCustomer(text, async (id) =>
          expandAnswer(door, context, await submitCustomer(door, context, id, body, againOf(door, context))),
        ),
      ),
  })

const retrieve = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/customers/:id',
    operation: 'retrieveCustomer',
    summary: 'Show a customer',
    description: 'Of a customer that was deleted, its id and that it is deleted.',
    permission: 'customers.read',
    params,
    expandable: CUSTOMER_PATHS,
    answer: anyCustomerObject,
    errors: CUSTOMER_REASONS,
    handle: (context, { params: { id: text } }) =>
      withCustomer(text, async (id) =>
        expandAnswer(door, context, (await find(door, context, id)) ?? missingCustomerText(text)),
      ),
  })

const remove = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'DELETE',
    path: '/v1/customers/:id',
    operation: 'deleteCustomer',
    summary: 'Delete a customer',
    description: 'For ever. Its cards are detached and cannot be used again; its payments stay.',
    permission: 'customers.write',
    idempotency: 'stored',
    params,
    answer: deletedCustomerObject,
    errors: CUSTOMER_REASONS,
    handle: (context, { params: { id: text } }) =>
      withCustomer(text, async (id) => {
        const { tenant } = context
        const [rows = []] = await door.read(tenant, [cardsOfCustomer(tenant, id, CARDS_DETACHED_MOST)])
        const cards = rows.map(([card]) => card as Uuid)
        const unit = replyUnit(
          context,
          'customers.customers.delete',
          [
            (declare) => {
              declare(customers.table, id)
              for (const card of cards) declare(paymentMethods.table, card)
            },
          ],
          (draft) => deleteCustomer(draft, id, cards, doingOf(context)),
        )
        return submitForReply(door, context, unit, async () => find(door, context, id))
      }),
  })

const list = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/customers',
    operation: 'listCustomers',
    summary: 'List customers',
    description: 'Newest first; customers that were deleted are not among them.',
    permission: 'customers.read',
    query: listQuery({
      created: Type.Optional(rangeFilter('When it was made')),
      email: Type.Optional(Type.String({ description: 'Only those with exactly this address.' })),
      test_clock: Type.Optional(Type.String({ description: 'Only those that were made with this clock.' })),
    }),
    expandable: CUSTOMER_PATHS,
    answer: listOf(customerObject),
    errors: CUSTOMER_REASONS,
    handle: async (context, { query }) => {
      const found = await listRecords(door, context, {
        records: customers,
        prefix: CUSTOMER_PREFIX,
        noun: 'customer',
        url: '/v1/customers',
        query,
        filters: [
          { column: 'deleted', value: false },
          ...(query.email === undefined ? [] : [{ column: 'email', value: query.email }]),
          ...(query.test_clock === undefined ? [] : [{ column: 'test_clock', value: query.test_clock }]),
        ],
        show: (row) => showLivingCustomer(row, livemodeOf(context)),
      })
      return 'data' in found ? expandList(door, context, found) : found
    },
  })

export const customerRoutes = (door: CustomersDoor): Route[] => [
  create(door),
  list(door),
  retrieve(door),
  update(door),
  remove(door),
]
