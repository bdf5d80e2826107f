import type { Static } from 'typebox'
import { missingReply, type RequestContext } from '../http/index.ts'
import { newUuid, type Reply, type Uuid } from '../kit/index.ts'
import type { Rail } from '../rails/index.ts'
import { converse, replyUnit, submitForReply, Unreadable, unitRequest } from '../requests/index.ts'
import { isEmail } from './core/customer-fields.ts'
import {
  type CustomerWrite,
  checkCustomer,
  type DefaultMethod,
  declareCustomer,
  writeCustomer,
} from './customer-units.ts'
import { declinedReply, errorOfDecline } from './declined.ts'
import { doingOf } from './doing.ts'
import type { CustomersDoor } from './door.ts'
import { LEASE_MS } from './limits.ts'
import {
  type GivenMethod,
  isReply,
  liveRailMissing,
  parsePaymentMethodId,
  resolvePaymentMethod,
  resolveSource,
} from './payment-method-source.ts'
import type { customerParameters, customerUpdateParameters } from './schemas.ts'
import { type Attachable, verifyForAttaching, withChecks } from './verifying.ts'

type CustomerBody = Partial<Static<typeof customerParameters>> &
  Partial<Static<typeof customerUpdateParameters>>

const defaultMethodOf = (body: CustomerBody): DefaultMethod => {
  const text = body.invoice_settings?.default_payment_method
  if (text === undefined) return { kind: 'unchanged' }
  if (text === '') return { kind: 'none' }
  if (text === body.payment_method) return { kind: 'given' }
  const param = 'invoice_settings[default_payment_method]'
  const id = parsePaymentMethodId(text)
  if (id !== null) return { kind: 'own', id, param }
  throw new Unreadable(
    'parameter_invalid_id',
    param,
    `Invalid id: ${param} must be pm_ and 32 hexadecimal digits.`,
  )
}

const defaultSourceOf = (text: string | undefined): CustomerWrite['defaultSource'] => {
  if (text === undefined) return null
  const id = parsePaymentMethodId(text)
  if (id !== null) return { id, param: 'default_source' }
  throw new Unreadable(
    'parameter_invalid_id',
    'default_source',
    'Invalid id: default_source must be card_ or pm_ and 32 hexadecimal digits.',
  )
}

const methodOf = (rail: Rail | null, body: CustomerBody, nowMs: number): GivenMethod | Reply => {
  if (body.payment_method === undefined && body.source === undefined) return { kind: 'none' }
  if (rail === null) return liveRailMissing()
  const resolved =
    body.source === undefined
      ? resolvePaymentMethod(rail, { payment_method: body.payment_method }, nowMs)
      : resolveSource(rail, body.source, nowMs)
  return resolved.kind === 'refused' ? resolved.reply : resolved.method
}

/** What the request asks for, or why it cannot be read. */
const readWrite = async (
  door: CustomersDoor,
  context: RequestContext,
  id: Uuid | null,
  body: CustomerBody,
): Promise<CustomerWrite | Reply> => {
  const { email, test_clock: testClock = null, metadata = null } = body
  if (email !== undefined && email !== '' && !isEmail(email))
    throw new Unreadable('email_invalid', 'email', `Invalid email address: ${email}`)
  if (testClock !== null && !(await door.hasTestClock(context.tenant, testClock)))
    return missingReply('test clock', testClock, 'test_clock')
  const nowMs = door.clock.now()
  const method = methodOf(door.railOf(context.mode), body, nowMs)
  if (isReply(method)) return method
  const { address, description, name, phone, preferred_locales, shipping, tax_exempt } = body
  const data = { address, description, email, name, phone, preferred_locales, shipping, tax_exempt }
  return {
    id: id ?? newUuid(nowMs),
    isNew: id === null,
    data: data as CustomerWrite['data'],
    metadata,
    testClock,
    method,
    isSource: body.source !== undefined,
    defaultMethod: defaultMethodOf(body),
    defaultSource: defaultSourceOf(body.default_source),
  }
}

type Step = { readonly write: CustomerWrite; readonly reference: Uuid; readonly token: string }

const name = (write: CustomerWrite): string =>
  write.isNew ? 'customers.customers.create' : 'customers.customers.update'

/** With a card: it is verified at its rail between two units. */
const writeWithCard = (
  door: CustomersDoor,
  context: RequestContext,
  rail: Rail,
  write: CustomerWrite,
  again: (objectId: string) => Promise<Reply | null>,
) => {
  const { tenant } = context
  const doing = doingOf(context)
  const reference = newUuid(door.clock.now())
  return converse<Step, Attachable>(
    door,
    context,
    {
      open: (claim) => ({
        ...unitRequest(context),
        name: `${name(write)}.open`,
        items: 1,
        claim,
        reads: [(declare) => declareCustomer(declare, write)],
        decide: (draft) => {
          const checked = checkCustomer(draft, write)
          if (isReply(checked)) return { kind: 'answer', answer: null, reply: checked }
          const step = { write, reference, token: checked.method?.card.token ?? '' }
          return { kind: 'step', answer: step, step, leaseMs: LEASE_MS }
        },
      }),
      outside: (step, isResumed) => verifyForAttaching(rail, { tenant, ...step }, isResumed),
      finish: (claim, step, result) => ({
        ...unitRequest(context),
        name: name(write),
        items: 1,
        claim,
        reads: [(declare) => declareCustomer(declare, step.write)],
        decide: (draft) => {
          const reply =
            result.kind === 'declined'
              ? declinedReply(errorOfDecline(result.declined, null))
              : writeCustomer(draft, step.write, doing, (row) => ({
                  ...row,
                  card: withChecks(row.card, result.checks),
                }))
          return { kind: 'answer', answer: null, reply }
        },
      }),
    },
    again,
  )
}

/** Makes a customer (id null) or changes one. */
export const submitCustomer = async (
  door: CustomersDoor,
  context: RequestContext,
  id: Uuid | null,
  body: CustomerBody,
  again: (objectId: string) => Promise<Reply | null>,
) => {
  const write = await readWrite(door, context, id, body)
  if (isReply(write)) return write
  const rail = door.railOf(context.mode)
  if (write.method.kind !== 'none' && rail !== null) return writeWithCard(door, context, rail, write, again)
  const reads = [(declare: Parameters<typeof declareCustomer>[0]) => declareCustomer(declare, write)]
  const unit = replyUnit(context, name(write), reads, (draft) =>
    writeCustomer(draft, write, doingOf(context)),
  )
  return submitForReply(door, context, unit, again)
}
