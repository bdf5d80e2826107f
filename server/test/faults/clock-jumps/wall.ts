// Loaded before a server's own code: its wall clock goes wrong by as many milliseconds as a file says.

import { readFileSync } from 'node:fs'

const file = process.env['EVENKEEL_TEST_WALL'] ?? ''
const LOOK_EVERY_MS = 20

const right = Date.now
let wrongBy = 0
let lookedMs = Number.NEGATIVE_INFINITY

Date.now = () => {
  const nowMs = performance.now()
  if (nowMs - lookedMs > LOOK_EVERY_MS) {
    lookedMs = nowMs
    wrongBy = Number(readFileSync(file, 'utf8'))
  }
  return right() + wrongBy
}
