import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export type Received = {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  readonly event: {
    readonly id: string
    readonly type: string
    readonly data: { readonly object: { readonly id: string; readonly n: number } }
  }
}

export type Receiver = {
  readonly url: string
  readonly received: Received[]
  /** Decides what is answered; null: nothing, ever. */
  answer: (received: Received) => number | null | Promise<number | null>
  readonly until: (isTrue: () => boolean, withinMs?: number) => Promise<void>
  readonly close: () => void
}

/** Whoever listens to webhooks, on loopback. */
export const startReceiver = async (): Promise<Receiver> => {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const received: Received = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        event: JSON.parse(body) as Received['event'],
      }
      receiver.received.push(received)
      const status = await receiver.answer(received)
      if (status !== null) response.writeHead(status).end('seen')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}`,
    received: [],
    answer: () => 200,
    until: async (isTrue, withinMs = 10_000) => {
      const lastMs = Date.now() + withinMs
      while (!isTrue() && Date.now() < lastMs) await pause(10)
      if (!isTrue())
        throw new Error(
          `it did not come so far within ${withinMs} ms; ${receiver.received.length} were received`,
        )
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return receiver
}
