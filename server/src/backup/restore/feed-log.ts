import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Feeding, Reach } from '../../database/index.ts'
import { FEED_AHEAD, FEED_POLL_MS, FEED_WAIT_S } from '../limits.ts'
import type { LogSource } from './log-source.ts'

/**
 * What PostgreSQL runs for each segment. It says which one it wants, and waits until that was laid ready. More than 128 ends
 * PostgreSQL; 1 says that the log has no such file, whereupon it ends the replay and opens the database, so that is never
 * said of a segment that was promised.
 */
const SCRIPT = `#!/bin/sh
# Hands PostgreSQL the log that Evenkeel lays ready here. Written by Evenkeel for one restore.
here=$1 name=$2 to=$3
grep -q -x "$name" "$here/promised" || exit 1
: > "$here/asked/$name" || exit 255
waited=0
until [ -f "$here/ready/$name" ]; do
  [ -d "$here/ready" ] && [ ! -f "$here/given-up" ] && [ "$waited" -lt ${FEED_WAIT_S * 20} ] || exit 255
  waited=$((waited + 1))
  sleep 0.05
done
cp "$here/ready/$name" "$to" || exit 255
`

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** restore_command, in which a percent sign stands for something else. */
const commandOf = (folder: string): string =>
  `/bin/sh ${quoted(join(folder, 'hand-over.sh')).replaceAll('%', '%%')} ${quoted(folder).replaceAll('%', '%%')} "%f" "%p"`

type Task = {
  readonly reach: Reach
  readonly segments: readonly string[]
  /** Histories of lives whose numbers are taken, by the names of their files. */
  readonly taken: readonly string[]
  readonly log: LogSource
  readonly onSegment: (done: number) => void
}

class Feeder implements Feeding {
  readonly command: string
  readonly #task: Task
  readonly #running: Promise<void>
  #problem: Error | null = null
  #stopping = false
  #told = 0

  constructor(task: Task) {
    const { reach, segments, taken } = task
    const { folder, give } = reach
    for (const name of ['ready', 'asked']) {
      mkdirSync(join(folder, name), { mode: 0o700 })
      give(join(folder, name))
    }
    for (const [name, text] of [
      ['hand-over.sh', SCRIPT],
      ['promised', [...segments, ...taken].map((name) => `${name}\n`).join('')],
      ...taken.map((name) => [join('ready', name), '# A life of this number was had.\n'] as const),
    ] as const) {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
      give(join(folder, name))
    }
    this.command = commandOf(folder)
    this.#task = task
    this.#running = this.#run()
  }

  problem(): Error | null {
    return this.#problem
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#running
  }

  async #run(): Promise<void> {
    const { folder, give } = this.#task.reach
    try {
      for (let next = 0; !this.#stopping; await sleep(FEED_POLL_MS)) next = await this.#layReady(next)
    } catch (error) {
      this.#problem = error instanceof Error ? error : new Error(String(error))
      const file = join(folder, 'given-up')
      if (existsSync(folder)) writeFileSync(file, '')
      if (existsSync(file)) give(file)
    }
  }

  /** A few segments ahead of what was asked for last, so that a long log needs little room. The number of the next one. */
  async #layReady(next: number): Promise<number> {
    const { reach, segments, log, onSegment } = this.#task
    const asked = await readdir(join(reach.folder, 'asked'))
    const last = asked.reduce((most, name) => Math.max(most, segments.indexOf(name)), -1)
    const most = Math.min(segments.length, Math.max(0, last) + FEED_AHEAD)
    if (last >= this.#told) {
      this.#told = last + 1
      onSegment(last + 1)
    }
    let at = next
    for (; at < most && !this.#stopping; at++) {
      const name = segments[at] ?? ''
      const file = join(reach.folder, 'ready', name)
      await writeFile(`${file}.new`, await log.read(name), { mode: 0o600 })
      reach.give(`${file}.new`)
      await rename(`${file}.new`, file)
    }
    // The end of the log is read once more when the replay ends; what lies further back is not.
    for (const name of segments.slice(0, Math.max(0, last - FEED_AHEAD)).filter((one) => asked.includes(one)))
      await Promise.all(['ready', 'asked'].map((of) => rm(join(reach.folder, of, name), { force: true })))
    return at
  }
}

/** Lays the segments ready, in order, as PostgreSQL asks for them. */
export const feedLog = (task: Task): Feeding => new Feeder(task)
