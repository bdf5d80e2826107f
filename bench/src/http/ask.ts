import { openConnections } from './load.ts'

/** What an answer other than 200 says: no request of a benchmark is to be refused. */
export const unexpected = (status: number, beginning: Buffer): Error =>
  new Error(
    `a request of a benchmark was answered with ${status}: ${beginning.toString('utf8').slice(0, 500)}`,
  )

/** Sends one request and gives its answer. */
export const askOnce = async (port: number, request: string): Promise<string> => {
  const connections = await openConnections(port, 1)
  let answer = ''
  try {
    await connections.send([request], Number.POSITIVE_INFINITY, (_, status, beginning) => {
      if (status !== 200) throw unexpected(status, beginning)
      answer = beginning.toString('utf8')
    })
    return answer
  } finally {
    connections.close()
  }
}
