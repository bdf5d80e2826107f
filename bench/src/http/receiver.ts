import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Takes webhooks in, as cheaply as a receiver can, and notes when which payment's came. */
export type Receiver = {
  readonly url: string
  /** By performance.now(), by the id of the payment. */
  readonly arrivedMs: ReadonlyMap<string, number>
  readonly clear: () => void
  readonly close: () => Promise<void>
}

const PAYMENT_ID = /"id":"(pi_[0-9a-f]+)"/

export const openReceiver = async (): Promise<Receiver> => {
  const arrivedMs = new Map<string, number>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const id = PAYMENT_ID.exec(Buffer.concat(parts).toString('latin1'))?.[1]
      if (id !== undefined && !arrivedMs.has(id)) arrivedMs.set(id, performance.now())
      response.writeHead(200, { 'content-length': 0 }).end()
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    arrivedMs,
    clear: () => arrivedMs.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
