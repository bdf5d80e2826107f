import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { SetupProblem } from '../../kit/index.ts'
import { PORT_ATTEMPTS, PORT_FIRST, PORT_LAST } from './limits.ts'
import { HOST } from './site.ts'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => resolve(true)))
  })

/** The wanted port while nobody else has it, else one drawn at random. */
export const choosePort = async (wanted: number | null): Promise<number> => {
  if (wanted !== null && (await isFree(wanted))) return wanted
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
    const port = randomInt(PORT_FIRST, PORT_LAST + 1)
    if (await isFree(port)) return port
  }
  throw new SetupProblem(
    `No port between ${PORT_FIRST} and ${PORT_LAST} is free on ${HOST}`,
    'Stop whatever takes them, or set DATABASE_URL to a PostgreSQL of your own.',
  )
}
