/** What PostgreSQL writes to postmaster.pid: one value per line, in this order, growing while it starts. */
export type PostmasterFile = {
  readonly pid: number
  readonly startedS: number
  readonly port: number | null
  readonly status: 'starting' | 'ready' | 'stopping' | 'unknown'
}

const LINE = { pid: 0, started: 2, port: 3, status: 7 } as const

const statusOf = (line: string | undefined): PostmasterFile['status'] => {
  const word = line?.trim()
  return word === 'ready' || word === 'starting' || word === 'stopping' ? word : 'unknown'
}

/** Null when the file is cut off before its first line ends or holds no number there. */
export const parsePostmasterFile = (text: string): PostmasterFile | null => {
  const lines = text.split('\n')
  const pid = Math.abs(Number(lines[LINE.pid]))
  if (!Number.isSafeInteger(pid) || pid < 1 || lines.length < 2) return null
  const port = Number(lines[LINE.port] ?? Number.NaN)
  const startedS = Number(lines[LINE.started] ?? Number.NaN)
  return {
    pid,
    startedS: Number.isSafeInteger(startedS) ? startedS : 0,
    port: Number.isSafeInteger(port) && port > 0 ? port : null,
    status: statusOf(lines[LINE.status]),
  }
}
