import { INPUT_BYTES_MOST, WIDTH_MOST } from './limits.ts'
import { isWatched, type Paint, paintFor, wantsColour } from './paint.ts'
import { CommandProblem } from './problem.ts'

/** Everything outside that a command may touch besides files and the platform; the tests bring their own. */
export type Terminal = {
  /** The answer of the command, which scripts read: standard output. A line end is added. */
  readonly answer: (text: string) => void
  /** What is said beside it, to people: standard error. A line end is added. */
  readonly say: (text: string) => void
  /** The same without a line end, for what is drawn over. */
  readonly draw: (text: string) => void
  readonly paintAnswer: Paint
  readonly paintSaid: Paint
  /** Standard error is a terminal that a person looks at: a progress bar may move there. */
  readonly isWatched: boolean
  /** Of standard output and standard error. */
  readonly width: number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly nowMs: () => number
  /** All of standard input. */
  readonly readInput: () => Promise<string>
  /** Aborted by Ctrl-C or SIGTERM; until the first call they end the process at once. */
  readonly interruption: () => AbortSignal
}

const readInput = async (): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of process.stdin) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > INPUT_BYTES_MOST)
      throw new CommandProblem(
        `Standard input holds more than ${INPUT_BYTES_MOST} bytes`,
        'Send it in several requests.',
      )
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The first signal asks the command to stop at a good place; one that comes later ends the process. */
const interruption = (apartMs: number): AbortSignal => {
  const controller = new AbortController()
  let firstMs: number | null = null
  const stop = (): void => {
    const nowMs = performance.now()
    if (firstMs !== null && nowMs - firstMs > apartMs) process.exit(130)
    firstMs ??= nowMs
    controller.abort()
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return controller.signal
}

/** The terminal that this process was started in. */
export const processTerminal = (apartMs: number): Terminal => {
  const { stdout, stderr, env } = process
  // Whoever reads may stop reading, as `head` does: then there is nobody to answer, and that is no failure.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      throw error
    })
  let signal: AbortSignal | null = null
  return {
    answer: (text) => void stdout.write(`${text}\n`),
    say: (text) => void stderr.write(`${text}\n`),
    draw: (text) => void stderr.write(text),
    paintAnswer: paintFor(wantsColour(env, stdout.isTTY === true)),
    paintSaid: paintFor(wantsColour(env, stderr.isTTY === true)),
    isWatched: isWatched(env, stderr.isTTY === true),
    // A terminal that does not know its width says 0.
    width: Math.min(stdout.columns || stderr.columns || WIDTH_MOST, WIDTH_MOST),
    environment: env,
    nowMs: () => performance.now(),
    readInput,
    interruption: () => {
      signal ??= interruption(apartMs)
      return signal
    },
  }
}
