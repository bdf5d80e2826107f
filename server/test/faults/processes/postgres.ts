import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePostmasterFile } from '../../../src/database/cluster/postmaster-file.ts'
import { isPostmasterOf, isRunning } from '../../../src/database/cluster/processes.ts'

/** The parent of each process. */
export const parents = (): Map<number, number> => {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    return new Map(pids.flatMap((pid) => parentOf(Number(pid))))
  } catch {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    return new Map(
      lines.map((line) => {
        const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number)
        return [pid, parent]
      }),
    )
  }
}

const parentOf = (pid: number): [number, number][] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [[pid, Number(parent)]]
  } catch {
    return []
  }
}

const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The PostgreSQL of a data folder that this test had a server make. */
export type Postgres = {
  /** Null while none runs. */
  readonly find: () => { readonly pid: number; readonly port: number } | null
  /**
   * everything   the postmaster and all of its children, at once
   * postmaster   the postmaster alone: its children notice, and leave
   * backend      one child that serves a client: the postmaster ends all others and recovers by itself
   */
  readonly kill: (what: 'everything' | 'postmaster' | 'backend', choose: (limit: number) => number) => void
}

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

export const postgresOf = (dataFolder: string): Postgres => {
  const find = (): { pid: number; port: number } | null => {
    try {
      const file = parsePostmasterFile(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8'))
      if (file?.port === undefined || file.port === null || file.status !== 'ready') return null
      // Only what serves this very folder is ours to kill.
      return isPostmasterOf(file.pid, dataFolder) ? { pid: file.pid, port: file.port } : null
    } catch {
      return null
    }
  }
  return {
    find,
    kill: (what, choose) => {
      const postmaster = find()
      if (postmaster === null) throw new Error(`no PostgreSQL runs in ${dataFolder}`)
      const children = [...parents()].flatMap(([pid, parent]) => (parent === postmaster.pid ? [pid] : []))
      if (what === 'backend') {
        const serving = children.filter((pid) => commandOf(pid).includes('evenkeel_app'))
        const victim = serving[choose(serving.length)]
        if (victim !== undefined) kill(victim, 'SIGKILL')
        return
      }
      kill(postmaster.pid, 'SIGKILL')
      if (what === 'everything') for (const child of children) kill(child, 'SIGKILL')
    },
  }
}

/** Ends what a failed run has left behind. */
export const endPostgres = (dataFolder: string): void => {
  const left = postgresOf(dataFolder).find()
  if (left !== null && isRunning(left.pid)) kill(left.pid, 'SIGQUIT')
}
