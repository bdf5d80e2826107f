import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openConnections, readHead } from './load.ts'

const HEAD =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: 5\r\nrequest-id: req_1\r\n\r\n'

test('An answer’s head is read when it is complete, and not before.', () => {
  assert.equal(readHead(Buffer.from(HEAD.slice(0, -1))), null)
  assert.deepEqual(readHead(Buffer.from(`${HEAD}12`)), {
    status: 200,
    bytes: HEAD.length + 5,
    bodyAt: HEAD.length,
  })
})

test('An answer without a length is no answer that can be counted.', () => {
  assert.throws(() => readHead(Buffer.from('HTTP/1.1 200 OK\r\n\r\n')), /content-length/)
})

test('Each request is answered once, whatever pieces its answer comes in.', async () => {
  const server = createServer((request, response) => {
    const body = 'x'.repeat(request.url === '/large' ? 300_000 : 10)
    response.setHeader('content-length', body.length)
    response.write(body.slice(0, 3))
    setImmediate(() => response.end(body.slice(3)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connections = await openConnections((server.address() as AddressInfo).port, 4)
  try {
    const requests = Array.from(
      { length: 50 },
      (_, at) => `GET ${at % 7 === 0 ? '/large' : '/small'} HTTP/1.1\r\nHost: x\r\n\r\n`,
    )
    const answered = new Set<number>()
    const load = await connections.send(requests, 10_000, (at, status) => {
      assert.equal(status, 200)
      answered.add(at)
    })
    assert.equal(answered.size, 50)
    assert.equal(load.latenciesMs.length, 50)
  } finally {
    connections.close()
    server.close()
  }
})

test('A server that breaks a connection off ends the round with an error.', async () => {
  const server = createServer((_, response) => response.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connections = await openConnections((server.address() as AddressInfo).port, 1)
  try {
    await assert.rejects(
      connections.send(['GET / HTTP/1.1\r\nHost: x\r\n\r\n'], 10_000, () => undefined),
      /closed a connection/,
    )
  } finally {
    connections.close()
    server.close()
  }
})
