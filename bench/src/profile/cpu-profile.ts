import { Session } from 'node:inspector/promises'

/** The part of a V8 profile that is read here: functions, and which of them ran at each sample. */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples?: readonly number[] | undefined
  /** Microseconds between a sample and the one before it. */
  readonly timeDeltas?: readonly number[] | undefined
}

const SAMPLE_EVERY_MICROS = 500

/** Profiles this process while the work runs. */
export const profiled = async <Value>(
  work: () => Promise<Value>,
): Promise<{ value: Value; profile: CpuProfile }> => {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_MICROS })
    await session.post('Profiler.start')
    const value = await work()
    const { profile } = await session.post('Profiler.stop')
    return { value, profile }
  } finally {
    session.disconnect()
  }
}

export type Spent = { readonly name: string; readonly ms: number }

type Frame = CpuProfile['nodes'][number]['callFrame']

/** Time by whatever name a function is given, most first. The profiler's own is left out. */
export const spentBy = (profile: CpuProfile, nameOf: (frame: Frame) => string): Spent[] => {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const spent = new Map<string, number>()
  for (const [at, id] of (profile.samples ?? []).entries()) {
    const frame = frames.get(id)
    if (frame === undefined || frame.url === 'node:inspector') continue
    const name = nameOf(frame)
    spent.set(name, (spent.get(name) ?? 0) + (profile.timeDeltas?.[at] ?? 0) / 1_000)
  }
  return [...spent].map(([name, ms]) => ({ name, ms })).toSorted((a, b) => b.ms - a.ms)
}

/** Which part of a batch's work a function belongs to, by the file that it stands in. The first that fits counts. */
const PARTS: readonly (readonly [part: string, files: RegExp])[] = [
  ['decide', /\/ledger\/(?:core\/|draft-books)|\/commit\/draft\.ts/],
  ['encode', /\/commit\/columns\.ts|\/ledger\/store\/writer/],
  ['declare and load', /\/ledger\/(?:units|store\/)|\/commit\/(?:declare|memory|working-set|table|claims)/],
  ['the client', /\/bench\/src\//],
  ['the commit, otherwise', /\/server\/src\//],
  ['driver: pg', /node_modules\/(?:pg|pg-[\w-]+|postgres-[\w-]+)\//],
  ['driver: sockets and buffers', /^node:/],
]

export const partOf = ({ functionName, url }: Frame): string => {
  if (functionName === '(idle)') return 'waiting for PostgreSQL'
  if (functionName === '(garbage collector)') return 'garbage collection'
  return PARTS.find(([, files]) => files.test(url))?.[0] ?? 'engine and system calls'
}

/** A function with the file that it stands in. */
export const placeOf = ({ functionName, url, lineNumber }: Frame): string =>
  url === ''
    ? functionName
    : `${functionName || '(anonymous)'}  ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`
