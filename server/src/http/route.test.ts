import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Type } from 'typebox'
import { defineRoute } from './route.ts'
import { openDoor } from './test-door.ts'

const answer = Type.Object({ object: Type.Literal('thing') })
const shown = { object: 'thing' as const }
const rest = { path: '/v1/x', operation: 'x', summary: 's', description: 'd', answer, errors: {} } as const

describe('defineRoute', () => {
  it('does not compile without a permission, nor, where state may change, without a word on repeats', () => {
    const handle = () => shown
    const wrong = () => ({ object: 'other' as const })
    const routes = [
      // @ts-expect-error a route without its permission
      defineRoute({ ...rest, method: 'GET', handle }),
      // @ts-expect-error a permission that is none
      defineRoute({ ...rest, method: 'GET', permission: 'admin', handle }),
      // @ts-expect-error a POST that does not say what a repeated request does
      defineRoute({ ...rest, method: 'POST', permission: 'x.write', handle }),
      // @ts-expect-error a DELETE that does not
      defineRoute({ ...rest, method: 'DELETE', permission: 'x.write', handle }),
      // @ts-expect-error a word that is none
      defineRoute({ ...rest, method: 'POST', permission: 'x.write', idempotency: 'maybe', handle }),
      // @ts-expect-error a GET has nothing to repeat
      defineRoute({ ...rest, method: 'GET', permission: 'x.read', idempotency: 'stored', handle }),
      // @ts-expect-error a GET has no body
      defineRoute({ ...rest, method: 'GET', permission: 'x.read', body: Type.Object({}), handle }),
      // @ts-expect-error an answer that is not what the schema says
      defineRoute({ ...rest, method: 'GET', permission: 'x.read', handle: wrong }),
    ]
    assert.equal(routes.length, 8)
  })

  it('gives the handler typed input', () => {
    const route = defineRoute({
      ...rest,
      path: '/v1/x/:id',
      method: 'POST',
      permission: 'x.write',
      idempotency: 'none',
      params: Type.Object({ id: Type.String() }),
      body: Type.Object({ amount: Type.Integer(), name: Type.Optional(Type.String()) }),
      handle: (_context, { params, body }) => {
        const typed: readonly [string, number, string | undefined] = [params.id, body.amount, body.name]
        assert.ok(typed)
        // @ts-expect-error the body has no such field
        assert.equal(body.other, undefined)
        return shown
      },
    })
    assert.equal(route.idempotency, 'none')
  })

  it('is held to its path when the server is built', () => {
    const route = defineRoute({
      ...rest,
      path: '/v1/x/:id',
      method: 'GET',
      permission: 'x.read',
      handle: () => shown,
    })
    assert.throws(() => openDoor({ routes: [route] }), /name the same parameters/)
  })
})
