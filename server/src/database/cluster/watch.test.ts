import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { SetupProblem } from '../../kit/index.ts'
import { layOut } from './layout.ts'
import { explain, FullDisk } from './troubles.ts'
import { watch } from './watch.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-watch-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A process that was, so that the watch finds its PostgreSQL dead. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid

type Seen = { readonly attempts: number; readonly said: readonly string[]; readonly failure: Error | null }

/** Watches a PostgreSQL that is dead from the beginning, and that starts after these errors. */
const revive = (errors: readonly Error[]): Promise<Seen> =>
  new Promise((resolve) => {
    let pid = deadPid()
    let attempts = 0
    const said: string[] = []
    const end = (failure: Error | null): void => {
      void watcher.stop().then(() => resolve({ attempts, said, failure }))
    }
    const say = (message: string): void => void said.push(message)
    const watcher = watch({
      site: {
        layout: layOut(folder),
        log: {
          warn: say,
          info: (message) => {
            say(message)
            if (message.includes('is back')) setImmediate(() => end(null))
          },
        },
      },
      pid: () => pid,
      bringUp: async () => {
        const error = errors[attempts]
        attempts += 1
        if (error !== undefined) throw error
        pid = process.pid
        return { pid, port: 1 }
      },
      onFailure: (failure) => setImmediate(() => end(failure)),
    })
  })

const full = (): SetupProblem => explain('PANIC: could not write: No space left on device', folder, 'x')
const foreign = (): Error => Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' })

describe('a PostgreSQL that died', () => {
  test('of a full disk is started again when there is space, however often that fails before', async () => {
    const { attempts, said, failure } = await revive([full(), foreign()])
    assert.equal(failure, null)
    assert.equal(attempts, 3)
    assert.equal(
      said.filter((line) => /is full: PostgreSQL cannot run until there is space/.test(line)).length,
      1,
    )
  })

  test('of anything else is given up when it cannot be started, with the reason', async () => {
    const { attempts, failure } = await revive([new SetupProblem('the port was taken', 'Start again.')])
    assert.equal(attempts, 1)
    assert.match(failure?.message ?? '', /the port was taken/)
  })
})

test('a full disk, a quota and a limit are one trouble, and a known other one is not taken for it', () => {
  const words = [
    'could not write to file "pg_wal/xlogtemp.1": No space left on device',
    'could not extend file: Disk quota exceeded',
    'could not write to log file: File too large',
  ]
  for (const text of words) assert.ok(explain(text, folder, 'x') instanceof FullDisk, text)
  assert.ok(!(explain('Permission denied', folder, 'x') instanceof FullDisk))
})
