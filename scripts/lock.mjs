// A lock between processes: a file that names its holders, which are we and the programs that work for us.
//
// The file appears together with its content (written aside, then linked), so nobody reads half a name.
// A lock whose holders are all dead is moved away by a rename, which succeeds for one of many who try. A program
// that outlives us (we were killed) still holds it, because it still works on what is locked.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 200
const GIVE_UP_MS = 10 * 60 * 1000

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? error.code : undefined)

/** @param {number} pid */
const isAlive = (pid) => {
  if (pid === process.pid) return false // We hold nothing yet: a namesake from an earlier life of this machine.
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM' // It lives, and belongs to another user.
  }
}

/** @param {string} file @returns {number[]} the holders' process ids; none when the lock is free */
const holdersOf = (file) => {
  try {
    return readFileSync(file, 'utf8').split(' ').map(Number)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** @param {string} file */
const tryTake = (file) => {
  const aside = `${file}.${process.pid}`
  writeFileSync(aside, String(process.pid))
  try {
    linkSync(aside, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

/** @param {string} file */
const removeIfDead = (file) => {
  const holders = holdersOf(file)
  if (holders.length === 0 || holders.some(isAlive)) return
  const aside = `${file}.${process.pid}.dead`
  try {
    renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return // Another one was faster.
    throw error
  }
  // Between the look and the rename another may have replaced the dead lock by a living one: give it back.
  if (holdersOf(aside).some(isAlive)) renameSync(aside, file)
  else rmSync(aside, { force: true })
}

/**
 * Names a program that works for us as a holder beside us.
 * @param {string} file
 * @param {number} pid
 */
export const holdAlso = (file, pid) => {
  const aside = `${file}.${process.pid}`
  writeFileSync(aside, `${process.pid} ${pid}`)
  renameSync(aside, file)
}

/**
 * Runs the work while holding the lock; waits for whoever holds it.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export const withLock = async (file, work) => {
  const deadline = Date.now() + GIVE_UP_MS
  while (!tryTake(file)) {
    removeIfDead(file)
    if (Date.now() > deadline) throw new Error(`Process ${holdersOf(file)[0]} holds ${file} for too long.`)
    await sleep(POLL_MS)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}
