import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Account, chooseAccount } from '../../src/database/cluster/folders.ts'
import { choosePort } from '../../src/database/cluster/port.ts'
import { HOST } from '../../src/database/cluster/site.ts'
import { makeFolder } from '../faults/runs/site.ts'
import { ADMIN, type Machine, machineOf, PASSWORD } from './machine.ts'
import { choosePrograms, type Programs } from './programs.ts'

const STATE_MOST_MS = 60_000
const POLL_MS = 20

/** Waits for a state of a machine, asked in SQL. */
export const until = async (
  machine: Machine,
  sql: string,
  values: readonly unknown[] = [],
): Promise<void> => {
  const untilMs = performance.now() + STATE_MOST_MS
  for (;;) {
    const rows = await machine.ask<{ yes: boolean }>(`select coalesce((${sql}), false) as yes`, values)
    if (rows[0]?.yes === true) return
    if (performance.now() > untilMs) throw new Error(`${machine.name} does not come so far: ${sql}`)
    await pause(POLL_MS)
  }
}

/** A primary and its standby, for whose disk each commit waits. */
export type Pair = {
  readonly folder: string
  readonly programs: Programs
  readonly primary: () => Machine
  readonly standby: () => Machine
  /** Both of them, as an operator would write it. */
  readonly url: string
  /** Commits wait for the standby, or do not. */
  readonly synchronous: (on: boolean) => Promise<void>
  /** The standby becomes the primary; what the other one does is not asked. */
  readonly promote: () => Promise<void>
  /** What was the primary becomes the standby of its successor, from a new copy. */
  readonly rejoin: () => Promise<void>
  readonly close: () => Promise<void>
}

const wait = (machine: Machine, names: string): Promise<unknown> =>
  machine
    .ask(`alter system set synchronous_standby_names = '${names}'`)
    .then(() => machine.ask('select pg_reload_conf()'))

const follow = async (primary: Machine, standby: Machine): Promise<void> => {
  await standby.copyOf(primary)
  await standby.start()
  await until(primary, `select state = 'streaming' from pg_stat_replication where application_name = $1`, [
    standby.name,
  ])
}

const waitForStandby = async (primary: Machine, standby: Machine): Promise<void> => {
  await wait(primary, standby.name)
  await until(primary, `select sync_state = 'sync' from pg_stat_replication where application_name = $1`, [
    standby.name,
  ])
}

const open = async (folder: string, account: Account | null): Promise<Pair> => {
  const programs = choosePrograms(join(folder, 'programs'), account)
  const at = async (name: string): Promise<Machine> =>
    machineOf({ folder: join(folder, name), name, port: await choosePort(null), programs, account })
  const machines = [await at('one'), await at('two')] as const
  let [primary, standby] = machines
  const close = async (): Promise<void> => {
    for (const machine of machines) await machine.halt()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    primary.create()
    await primary.start()
    await primary.ask('create database evenkeel')
    await follow(primary, standby)
    await waitForStandby(primary, standby)
  } catch (error) {
    await close()
    throw error
  }
  const hosts = machines.map(({ port }) => `${HOST}:${port}`).join(',')
  return {
    folder,
    programs,
    primary: () => primary,
    standby: () => standby,
    url: `postgresql://${ADMIN}:${PASSWORD}@${hosts}/evenkeel?target_session_attrs=read-write`,
    synchronous: (on) => (on ? waitForStandby(primary, standby) : wait(primary, '').then(() => undefined)),
    promote: async () => {
      await standby.ask('select pg_promote(true, 60)')
      ;[primary, standby] = [standby, primary]
    },
    rejoin: async () => {
      await follow(primary, standby)
      await waitForStandby(primary, standby)
    },
    close,
  }
}

export const openPair = async (): Promise<Pair> => {
  const folder = makeFolder()
  return open(folder, chooseAccount(join(folder, 'one', 'data')))
}
