import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type OwnServer, startOwnServer } from './own-server.ts'
import { agrees, type Step, stepsOf } from './page.ts'

/** What a stranger reads first. Every command of these pages is run, and every output that they show is compared. */
const PAGES = [
  'README.md',
  'docs/guides/first-transfer.md',
  'docs/guides/audit-log.md',
  'docs/guides/back-up-and-restore.md',
  'docs/guides/import-your-history.md',
  'docs/guides/accept-a-payment.md',
  'docs/guides/authorise-and-capture.md',
  'docs/guides/save-a-card.md',
  'docs/guides/refunds-and-disputes.md',
  'docs/guides/routing.md',
  'docs/guides/feature-flags.md',
  'docs/guides/webhooks.md',
  'docs/guides/a-month-in-a-second.md',
  'docs/guides/close-a-month.md',
  'docs/guides/run-a-premortem.md',
  'docs/guides/read-the-board-page.md',
  'docs/guides/first-launch.md',
  'examples/first-payment/README.md',
] as const

/** It replaces the key that everything on the server hangs on, so it comes last and has the server to itself. */
const LAST_PAGE = 'docs/guides/rotate-the-master-key.md'

const ROOT = resolve(import.meta.dirname, '../../..')
const WRITTEN_ADDRESS = 'http://127.0.0.1:8484'

const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8')

const hasCurl = spawnSync('curl', ['--version']).status === 0
const needsCurl = (page: string): boolean =>
  stepsOf(read(page)).some(({ commands }) => /\bcurl /.test(commands))

const END = 'end of step'

/** npx only finds the command, which stands in PATH here; it would take most of the time. */
const scriptOf = (steps: readonly Step[], address: string): string =>
  [
    'npx() { "$@"; }',
    ...steps.flatMap(({ commands }) => [
      commands.replaceAll(WRITTEN_ADDRESS, address),
      `printf '\\n<%s %s>\\n' '${END}' "$?"`,
    ]),
  ].join('\n')

type Ran = { readonly output: string; readonly exitCode: number }

/** A slow machine shows how far an import has come, which no page does. */
const PROGRESS = /^\s*\d+ % .* left\r?\n/gm

const cut = (output: string): Ran[] =>
  [...output.matchAll(new RegExp(`([\\s\\S]*?)\\n<${END} (\\d+)>\\n`, 'g'))].map(([, text = '', code]) => ({
    output: text.replace(PROGRESS, ''),
    exitCode: Number(code),
  }))

const check = (page: string, { line, commands, shown }: Step, ran: Ran | undefined): void => {
  const where = `${page}:${line}\n${commands}`
  assert.ok(ran !== undefined, `${where}\nwas not reached`)
  const said = `It printed:\n${ran.output}`
  if (shown === null) assert.equal(ran.exitCode, 0, `${where}\ndid not succeed. ${said}`)
  else assert.ok(agrees(shown, ran.output), `${where}\ndoes not print what the page shows. ${said}`)
}

describe('the pages that a stranger reads first', () => {
  let server: OwnServer

  before(async () => {
    server = await startOwnServer()
  })

  after(async () => {
    await server?.stop()
  })

  const checkPage = (page: string): void => {
    test(`${page} is true, command by command`, { skip: !hasCurl && needsCurl(page) }, async () => {
      const steps = stepsOf(read(page))
      assert.ok(steps.length > 0, 'the page has commands')
      const ran = cut(await server.shell(scriptOf(steps, server.address)))
      for (const [index, step] of steps.entries()) check(page, step, ran[index])
    })
  }

  // Each has a sandbox of its own, so they need not wait for each other.
  describe('beside each other', { concurrency: 3 }, () => {
    for (const page of PAGES) checkPage(page)
  })

  test('the document that is checked in is the one that the server shows', async () => {
    const answer = await fetch(`${server.address}/openapi.json`)
    assert.deepEqual(await answer.json(), JSON.parse(read('docs/openapi.json')))
  })

  test('the page of errors that is checked in is the one that doc_url leads to', async () => {
    const answer = await fetch(`${server.address}/errors`)
    assert.equal(await answer.text(), read('docs/ERRORS.md'))
  })

  checkPage(LAST_PAGE)
})
