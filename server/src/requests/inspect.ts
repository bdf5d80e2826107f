import { Type } from 'typebox'
import { findClaim, readClaimSeen } from '../database/index.ts'
import { defineRoute, missingReply, type Route } from '../http/index.ts'
import { secondsOf } from '../kit/index.ts'
import type { Door } from './submit.ts'

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

const idempotencyKeyObject = Type.Object({
  object: Type.Literal('idempotency_key'),
  key: Type.String(),
  status: Type.Union([Type.Literal('running'), Type.Literal('answered')], {
    description: 'running: nobody has answered yet. Send the request again with the key, and it goes on.',
  }),
  created: Type.Integer({ description: 'When the key was first used, by the tenant’s clock.' }),
  digest: Type.String({
    description: 'SHA-256 of method, path and parameters as sent, sorted, in hexadecimal.',
  }),
  attempts: Type.Integer({
    description:
      'How many workers have worked on it: one, and each that took it over from one that was gone.',
  }),
  lease_expires: nullable(
    Type.Integer({ description: 'Until when, by the wall clock, the one who works on it counts as alive.' }),
  ),
  response_status: nullable(Type.Integer()),
  response_code: nullable(Type.String({ description: 'The code of the refusal; null for a success.' })),
  response_object: nullable(Type.String({ description: 'The id of what was made or changed.' })),
})

const inspect = (door: Door): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/idempotency_keys/:key',
    operation: 'retrieveIdempotencyKey',
    summary: 'Show what became of a request',
    description:
      'What is known of an Idempotency-Key: the digest of its request, who works on it, its outcome. Percent-encode the key. Not one of Stripe’s operations.',
    permission: 'idempotency_keys.read',
    params: Type.Object({ key: Type.String({ maxLength: 255 }) }),
    answer: idempotencyKeyObject,
    errors: {},
    handle: async (context, { params }) => {
      const [rows = []] = await door.read(context.tenant, [findClaim(context.tenant, '', params.key)])
      if (rows[0] === undefined) return missingReply('idempotency_key', params.key, 'key')
      const seen = readClaimSeen(rows[0])
      return {
        object: 'idempotency_key' as const,
        key: seen.key,
        status: seen.isAnswered ? ('answered' as const) : ('running' as const),
        created: secondsOf(seen.createdMicros),
        digest: seen.digest,
        attempts: seen.attempts,
        lease_expires: seen.leaseUntilMs === null ? null : Math.floor(seen.leaseUntilMs / 1_000),
        response_status: seen.status,
        response_code: seen.code,
        response_object: seen.objectId,
      }
    },
  })

/** Routes about requests themselves. */
export const requestRoutes = (door: Door): Route[] => [inspect(door)]
