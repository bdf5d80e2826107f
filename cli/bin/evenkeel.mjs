#!/usr/bin/env node
// The command `evenkeel`. Plain JavaScript, because the Node that starts it may be too old for TypeScript.
//
// On Node 24 it simply becomes the program. On an older one it finds or installs Node 24 and runs the program
// as a child, handing on signals and the exit code.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setUp } from '../../scripts/setup.mjs'

const OLDEST_MAJOR = 24
const MAIN = new URL('../src/main.ts', import.meta.url)

/** @param {string} node */
const runAsChild = (node) => {
  const child = spawn(node, [fileURLToPath(MAIN), ...process.argv.slice(2)], { stdio: 'inherit' })
  child.once('error', (error) => fail(error))
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both of us; handing it on would make it two.
      const sentByTerminal = signal !== 'SIGTERM' && process.stdin.isTTY
      if (!sentByTerminal) child.kill(signal)
    })
  }
  child.once('exit', (code, signal) => {
    process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1))
  })
}

/** @param {unknown} error */
const fail = (error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

try {
  const node = await setUp()
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_MAJOR) await import(MAIN.href)
  else runAsChild(node)
} catch (error) {
  fail(error)
}
