import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Command } from 'commander'
import { createProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

const guide = readFileSync(new URL('../../docs/guides/command-line.md', import.meta.url), 'utf8')

const program = createProgram({
  terminal: processTerminal(0),
  loadDoor: () => assert.fail('help needs no server'),
  fetch: () => assert.fail('help needs no server'),
  runProgram: () => assert.fail('help runs nothing'),
  end: () => undefined,
})

/** The commands that do something, by their full names. */
const leaves = (command: Command, name: string): [string, Command][] =>
  command.commands.length === 0
    ? [[name, command]]
    : command.commands.flatMap((inner) => leaves(inner, `${name} ${inner.name()}`))

test('the guide has every command and every option', () => {
  for (const [name, command] of leaves(program, 'evenkeel')) {
    const found = new RegExp(`^### \`${name}[\` ]`, 'm').test(guide)
    assert.ok(found, `docs/guides/command-line.md has no heading for ${name}`)
    for (const { long } of command.options)
      assert.ok(guide.includes(long ?? ''), `docs/guides/command-line.md does not say ${long} of ${name}`)
  }
})

test('the guide has no command that is not there', () => {
  const names = leaves(program, 'evenkeel').map(([name]) => name)
  for (const [, heading = ''] of guide.matchAll(/^### `(.+?)`$/gm))
    assert.ok(
      names.some((name) => heading === name || heading.startsWith(`${name} `)),
      heading,
    )
})
