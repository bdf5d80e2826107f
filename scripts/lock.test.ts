import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { withLock } from './lock.mjs'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-lock-'))
after(() => rmSync(folder, { recursive: true }))

const LOCK_MODULE = new URL('lock.mjs', import.meta.url).href

const startNode = (code: string) =>
  spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'inherit' })

/** The id of a process that was there and is gone. */
const deadPid = async (): Promise<number> => {
  const child = startNode('')
  await once(child, 'exit')
  return child.pid ?? assert.fail('the process did not start')
}

describe('the lock between processes', () => {
  test('lets one work at a time, however many come', async () => {
    const [lock, counter] = [join(folder, 'many'), join(folder, 'counter')]
    writeFileSync(counter, '0')
    const add = `
      import { readFileSync, writeFileSync } from 'node:fs'
      import { withLock } from '${LOCK_MODULE}'
      await withLock('${lock}', async () => {
        const before = Number(readFileSync('${counter}', 'utf8'))
        await new Promise((resolve) => setTimeout(resolve, 20))
        writeFileSync('${counter}', String(before + 1))
      })`
    await Promise.all(Array.from({ length: 6 }, () => once(startNode(add), 'exit')))
    assert.equal(readFileSync(counter, 'utf8'), '6')
    assert.equal(existsSync(lock), false)
  })

  test('is taken over from a dead holder', async () => {
    const lock = join(folder, 'dead')
    writeFileSync(lock, String(await deadPid()))
    assert.equal(await withLock(lock, async () => 'done'), 'done')
  })

  test('stays with a program that outlived the one that started it', async () => {
    const lock = join(folder, 'outlived')
    const program = startNode('setTimeout(() => undefined, 60_000)')
    writeFileSync(lock, `${await deadPid()} ${program.pid}`)
    let isDone = false
    const work = withLock(lock, async () => {
      isDone = true
    })
    await new Promise((resolve) => setTimeout(resolve, 600))
    assert.equal(isDone, false)
    program.kill()
    await work
    assert.equal(isDone, true)
  })

  test('is free again after work that failed', async () => {
    const lock = join(folder, 'failed')
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error('no'))),
      /no/,
    )
    assert.equal(existsSync(lock), false)
  })
})
