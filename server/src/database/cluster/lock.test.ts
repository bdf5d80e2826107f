import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { tryJoin, tryLock, waitForLock } from './lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-lock-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a lock has one owner at a time', () => {
  const file = join(folder, 'one')
  const lock = tryLock(file)
  assert.notEqual(lock, null)
  assert.equal(tryLock(file), null)
  lock?.release()
  const again = tryLock(file)
  assert.notEqual(again, null)
  again?.release()
})

test('several join, and while one of them is there nobody has the lock alone', () => {
  const file = join(folder, 'several')
  const [one, other] = [tryJoin(file), tryJoin(file)]
  assert.equal(tryLock(file), null)
  one?.release()
  assert.equal(tryLock(file), null)
  other?.release()
  const alone = tryLock(file)
  assert.notEqual(alone, null)
  assert.equal(tryJoin(file), null)
  alone?.release()
})

test('a waiting one gets its turn, and is told that it waits', async () => {
  const file = join(folder, 'turn')
  const lock = tryLock(file)
  setTimeout(() => lock?.release(), 60)
  let told = 0
  const onWait = {
    afterMs: 10,
    tell: () => {
      told += 1
    },
  }
  const turn = await waitForLock(file, { timeoutMs: 5_000, onWait })
  assert.notEqual(turn, null)
  assert.equal(told, 1)
  assert.equal(await waitForLock(file, { timeoutMs: 20 }), null)
  turn?.release()
})

test('the lock of a killed process is free at once', async () => {
  const file = join(folder, 'killed')
  const program = `
    import { tryLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}
    globalThis.lock = tryLock(${JSON.stringify(file)})
    process.stdout.write(globalThis.lock === null ? 'none' : 'held')
    setInterval(() => undefined, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await once(child.stdout, 'data')
  assert.equal(String(said), 'held')
  assert.equal(tryLock(file), null)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = tryLock(file)
  assert.notEqual(lock, null)
  lock?.release()
})
