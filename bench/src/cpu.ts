import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts a process's time in these, whatever its kernel's own tick is. */
const TICKS_PER_SECOND = 100

/** Where the fields stand after the name of the program, which may hold blanks itself: proc(5). */
const PARENT = 1
const [USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM] = [11, 12, 13, 14] as const

type Times = { readonly parent: number; readonly own: number; readonly children: number }

/** What a process has used, and what its ended children had; null where there is no such process, or no /proc. */
const readTimes = (pid: number | string): Times | null => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const seconds = (a: number, b: number): number => ((fields[a] ?? 0) + (fields[b] ?? 0)) / TICKS_PER_SECOND
    return {
      parent: fields[PARENT] ?? 0,
      own: seconds(USER, SYSTEM),
      children: seconds(CHILDREN_USER, CHILDREN_SYSTEM),
    }
  } catch {
    return null
  }
}

/** Seconds of processor time of this process. */
export const ownSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

export const secondsOfProcess = (pid: number): number | null => readTimes(pid)?.own ?? null

/** Seconds of a whole PostgreSQL: the postmaster, its processes, and those that have ended. */
export const secondsOfCluster = (postmaster: number): number | null => {
  const main = readTimes(postmaster)
  if (main === null) return null
  const running = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readTimes)
    .filter((times) => times?.parent === postmaster)
  return running.reduce((sum, times) => sum + (times?.own ?? 0), main.own + main.children)
}

const MACHINE = /^cpu +(\d+) (\d+) (\d+) \d+ \d+ (\d+) (\d+) (\d+)/

/** Seconds that the processors of the machine were busy with anything, and those that another machine took: proc(5). */
export const secondsOfMachine = (): number | null => {
  try {
    const busy = MACHINE.exec(readFileSync('/proc/stat', 'latin1'))?.slice(1)
    return busy === undefined ? null : busy.reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
  } catch {
    return null
  }
}
