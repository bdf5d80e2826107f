import { Type } from 'typebox'
import { defineRoute, missingReply, type RequestContext, type Route, refusalReply } from '../../http/index.ts'
import { newUuid, parseId, type Reply, type Uuid } from '../../kit/index.ts'
import {
  expandAnswer,
  findRecord,
  livemodeOf,
  objectReply,
  replyUnit,
  submitForReply,
} from '../../requests/index.ts'
import { readAddress } from '../core/customer-fields.ts'
import type { Address, Token } from '../core/model.ts'
import type { CustomersDoor } from '../door.ts'
import { PAYMENT_METHOD_REASONS } from '../errors.ts'
import { isReply, liveRailMissing, tokeniseCard } from '../payment-method-source.ts'
import { tokenObject, tokenParameters } from '../schemas.ts'
import { tokens } from '../store/tables.ts'
import { showToken, TOKEN_PREFIX } from '../views.ts'

type CardBody = {
  readonly number: string
  readonly exp_month: number
  readonly exp_year: number
  readonly cvc?: string
  readonly name?: string
  readonly address_city?: string
  readonly address_country?: string
  readonly address_line1?: string
  readonly address_line2?: string
  readonly address_state?: string
  readonly address_zip?: string
}

const addressOf = (card: CardBody): Address | null => {
  const address = readAddress({
    city: card.address_city ?? '',
    country: card.address_country ?? '',
    line1: card.address_line1 ?? '',
    line2: card.address_line2 ?? '',
    postal_code: card.address_zip ?? '',
    state: card.address_state ?? '',
  })
  return Object.values(address).every((part) => part === null) ? null : address
}

const find = async (door: CustomersDoor, context: RequestContext, id: Uuid): Promise<Reply | null> => {
  const row = await findRecord(door, context, tokens, id)
  return row === null ? null : objectReply(showToken(row, livemodeOf(context)))
}

const create = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'POST',
    path: '/v1/tokens',
    operation: 'createToken',
    summary: 'Create a token of a card',
    description:
      'For clients that send the card’s number themselves, with a publishable key. A token is used once.',
    permission: 'tokens.write',
    publishable: true,
    idempotency: 'stored',
    body: tokenParameters,
    answer: tokenObject,
    errors: PAYMENT_METHOD_REASONS,
    examples: {
      body: { card: { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' } },
    },
    handle: async (context, { body }) => {
      const rail = door.railOf(context.mode)
      if (rail === null) return liveRailMissing()
      if (body.card === undefined) {
        const message = 'Missing required param: card.'
        return refusalReply({ kind: 'invalid', code: 'parameter_missing', message, param: 'card' })
      }
      const sent: CardBody = body.card
      const entered = {
        number: sent.number,
        expMonth: sent.exp_month,
        expYear: sent.exp_year,
        cvc: sent.cvc ?? null,
      }
      const card = tokeniseCard(rail, entered)
      if (isReply(card)) return card
      const nowMs = door.clock.now()
      const made: Omit<Token, 'createdMicros'> = {
        id: newUuid(nowMs),
        cardId: newUuid(nowMs),
        card,
        name: sent.name ?? null,
        address: addressOf(sent),
        isUsed: false,
      }
      const unit = replyUnit(context, 'customers.tokens.create', [], (draft) => {
        const row = { ...made, createdMicros: draft.nextTime() }
        draft.put(tokens.table, row.id, row)
        return objectReply(showToken(row, livemodeOf(context)))
      })
      const answer = await submitForReply(door, context, unit, async (objectId) => {
        const id = parseId(TOKEN_PREFIX, objectId)
        return id === null ? null : find(door, context, id)
      })
      return expandAnswer(door, context, answer)
    },
  })

const retrieve = (door: CustomersDoor): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/tokens/:id',
    operation: 'retrieveToken',
    summary: 'Show a token',
    description: 'Whether it was used, and the card as it is kept.',
    permission: 'tokens.read',
    params: Type.Object({ id: Type.String({ description: 'tok_….' }) }),
    answer: tokenObject,
    errors: PAYMENT_METHOD_REASONS,
    handle: async (context, { params: { id: text } }) => {
      const id = parseId(TOKEN_PREFIX, text)
      const found = id === null ? null : await find(door, context, id)
      return found ?? missingReply('token', text)
    },
  })

export const tokenRoutes = (door: CustomersDoor): Route[] => [create(door), retrieve(door)]
