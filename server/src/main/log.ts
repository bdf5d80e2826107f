import { type Logger, pino } from 'pino'
import type { Configuration } from './configuration.ts'

/** One line for people: time, level, message, and the named fields after it. */
const readable = (line: string): string => {
  const {
    time,
    level,
    msg,
    pid: _pid,
    hostname: _hostname,
    ...fields
  } = JSON.parse(line) as Record<string, unknown>
  const clock = new Date(Number(time)).toISOString().slice(11, 23)
  const rest = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${[clock, String(level).padEnd(5), String(msg ?? ''), ...rest].join('  ')}\n`
}

const isReadable = ({ logFormat }: Configuration): boolean =>
  logFormat === 'pretty' || (logFormat === 'auto' && process.stderr.isTTY === true)

/** Of an error of PostgreSQL neither detail nor context: they quote rows. The rest of what an error may carry, neither. */
export const shownError = (error: unknown): object => {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, table, constraint } = error as { code?: unknown; table?: unknown; constraint?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof table === 'string' ? { table } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: shownError(error.cause) }),
  }
}

const BUFFER_BYTES = 4_096
const FLUSH_MS = 250

/** Lines are gathered and written together, a quarter of a second late at most: a write for each costs more than the line. */
const buffered = (): ReturnType<typeof pino.destination> => {
  const destination = pino.destination({ dest: 2, sync: true, minLength: BUFFER_BYTES })
  setInterval(() => destination.flush(), FLUSH_MS).unref()
  process.once('exit', () => destination.flushSync())
  return destination
}

/** JSON for machines, readable lines in a terminal; both on standard error, so that standard output is for answers. */
export const createLog = (configuration: Configuration): Logger => {
  const options = {
    level: configuration.logLevel,
    base: { pid: process.pid },
    serializers: { err: shownError },
    formatters: { level: (level: string) => ({ level }) },
  }
  if (!isReadable(configuration)) return pino(options, buffered())
  return pino(options, { write: (line: string) => void process.stderr.write(readable(line)) })
}
