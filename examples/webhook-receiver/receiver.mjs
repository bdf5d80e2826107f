// Receives webhooks, checks who sent them, and prints what happened. It needs nothing but Node.
//
//   WEBHOOK_SECRET=whsec_… node receiver.mjs
//
// With the package `stripe` the check is one call: stripe.webhooks.constructEvent(body, header, secret).

import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const secret = process.env.WEBHOOK_SECRET ?? ''
const port = Number(process.env.RECEIVER_PORT ?? 4848)
const TOLERANCE_S = 300

/** Stripe-Signature is t=…,v1=…: the HMAC of time and body. There may be several v1 while a secret is changed. */
const isGenuine = (header, body) => {
  const parts = header.split(',').map((part) => part.split('='))
  const time = parts.find(([name]) => name === 't')?.[1] ?? ''
  const expected = Buffer.from(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'))
  const isRecent = Math.abs(Date.now() / 1000 - Number(time)) < TOLERANCE_S
  const isSigned = parts
    .filter(([name]) => name === 'v1')
    .map(([, signature]) => Buffer.from(signature ?? ''))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected))
  return isRecent && isSigned
}

/** An event may come twice: its id says so. Keep these in your database, in the transaction that does the work. */
const seen = new Set()

createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (piece) => {
    body += piece
  })
  request.on('end', () => {
    if (!isGenuine(String(request.headers['stripe-signature'] ?? ''), body)) {
      response.writeHead(400).end('not signed by the one I know\n')
      return
    }
    const { id, type, data } = JSON.parse(body)
    const again = seen.has(id) ? ' (again)' : ''
    seen.add(id)
    process.stdout.write(`${type} ${data.object.id}${again}\n`)
    response.writeHead(200).end('thanks\n')
  })
}).listen(port, '127.0.0.1')
