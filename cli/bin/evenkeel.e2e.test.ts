import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('evenkeel.mjs', import.meta.url))
/** The Node that npm itself runs on, which may be too old for TypeScript; ours, when npm did not start us. */
const OUTER_NODE = process.env['npm_node_execpath'] ?? process.execPath

const run = (node: string, ...args: string[]) => spawnSync(node, [BIN, ...args], { encoding: 'utf8' })

for (const [name, node] of [
  ['the Node of the house', process.execPath],
  ['the Node that npm runs on', OUTER_NODE],
] as const)
  describe(`the command, started by ${name}`, () => {
    test('shows its help', () => {
      const { status, stdout, stderr } = run(node, '--help')
      assert.equal(stderr, '')
      assert.match(stdout, /evenkeel/)
      assert.equal(status, 0)
    })

    test('hands on the exit code of the program', () => {
      assert.notEqual(run(node, 'no-such-command').status, 0)
    })
  })
