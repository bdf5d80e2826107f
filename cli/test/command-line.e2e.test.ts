// The command line as people use it: the real program, on a platform of its own, with a server beside it.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../bin/evenkeel.mjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-cli-'))
// Root's PostgreSQL runs as another user, who must be able to pass through.
chmodSync(folder, 0o711)
after(() => rmSync(folder, { recursive: true, force: true }))

const environment = {
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  DATA_DIR: join(folder, 'data'),
  PORT: '0',
  NO_COLOR: '1',
}

type Ran = { readonly code: number | null; readonly answer: string; readonly said: string }

const begin = (args: readonly string[], more: Readonly<Record<string, string>> = {}): ChildProcess =>
  spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env: { ...environment, ...more } })

const evenkeel = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = begin(args, more)
    let [answer, said] = ['', '']
    child.stdout?.on('data', (data) => {
      answer += data
    })
    child.stderr?.on('data', (data) => {
      said += data
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, answer, said }))
  })

const done = async (
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const { code, answer, said } = await evenkeel(args, more)
  assert.equal(code, 0, `evenkeel ${args.join(' ')}: ${answer}${said}`)
  return answer
}

/** A server that runs, and where. */
const startServer = async (): Promise<{
  readonly url: string
  readonly stop: () => Promise<number | null>
}> => {
  const child = begin(['start'])
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    const look = (data: Buffer): void => {
      said += data.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)))
  })
  const stop = (): Promise<number | null> =>
    new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGINT')
    })
  return { url, stop }
}

const HISTORY = `trans_id,account_id,date,direction,operation,amount,balance,category,counterparty_bank,counterparty_account
1,7,1993-01-01,credit,cash_deposit,1000.00,1000.00,,,
2,7,1993-01-02,debit,cash_withdrawal,100.00,900.00,,,
3,7,1993-01-03,credit,,5.00,905.10,interest,,
4,8,1993-01-03,credit,cash_deposit,50.00,50.00,,,
`

describe('the command line', () => {
  test('makes a platform where there is none, and a key for it', async () => {
    const { secret, tenant, livemode } = JSON.parse(await done(['keys', 'create', '--json']))
    assert.match(secret, /^sk_test_[0-9A-Za-z]+$/)
    assert.deepEqual([tenant, livemode], ['sandbox', false])
    assert.match(await done(['keys', 'list']), new RegExp(`sk_test_…${secret.slice(-4)} .* good$`, 'm'))
  })

  test('speaks with a server that runs, beside which its tools work', async () => {
    const { url, stop } = await startServer()
    const { id, secret } = JSON.parse(await done(['keys', 'create', '--json', '--name', 'Trial']))
    const api = { EVENKEEL_URL: url, EVENKEEL_API_KEY: secret }
    const account = ['post', '/v1/ledger/accounts', '-d', 'ledger=1', '-d', 'code=10', '-d', 'currency=eur']
    const made = JSON.parse(await done([...account, '-d', 'reference=cash', '-d', 'metadata[shop]=7'], api))
    assert.deepEqual(made.metadata, { shop: '7' })
    const found = JSON.parse(await done(['get', `/v1/ledger/accounts/${made.id}`], api))
    assert.deepEqual(found, made)
    const refused = await evenkeel([...account, '-d', 'reference=cash'], api)
    assert.deepEqual([refused.code, JSON.parse(refused.answer).error.code], [1, 'reference_already_used'])
    await done(['keys', 'revoke', id])
    await sleep(1_000)
    const late = await evenkeel(['get', '/v1/ledger/accounts'], api)
    assert.deepEqual([late.code, JSON.parse(late.answer).error.code], [1, 'api_key_invalid'])
    assert.equal(await stop(), 0)
    const gone = await evenkeel(['get', '/healthz'], api)
    assert.equal(gone.code, 2)
    assert.match(gone.said, /cannot be reached: nothing listens there\.\n {2}fix: Start the server/)
  })

  test('imports a history, finds what does not agree, and posts nothing twice', async () => {
    const [file, report] = [join(folder, 'history.csv'), join(folder, 'report.json')]
    writeFileSync(file, HISTORY)
    const line = ['import', file, '--profile', 'berka', '--sandbox', 'move', '--report', report]
    const first = await evenkeel(line)
    assert.equal(first.code, 0, first.said)
    assert.match(
      first.said,
      /^Made the sandbox "move"\.\nPosted in this run: \d+ accounts and 4 transfers\.$/m,
    )
    const { lines, accounts, agree, differences } = JSON.parse(readFileSync(report, 'utf8'))
    assert.deepEqual(
      { lines, accounts, agree, differences },
      { lines: 4, accounts: 2, agree: 3, differences: [[10, 1]] },
    )
    const second = await evenkeel(line)
    assert.deepEqual([second.code, second.answer], [0, first.answer])
    assert.match(second.said, /^Nothing was posted/m)
  })

  test('proves the books, and ends a sandbox with all that is in it', async () => {
    assert.match(
      await done(['verify']),
      /^The books are proven: \d+ checks over \d+ accounts and 4 transfers of live, sandbox,?\s+move/m,
    )
    assert.match(
      await done(['sandboxes', 'delete', 'move', '--yes']),
      /^Sandbox "move" is deleted, with \d+ rows\.$/m,
    )
    assert.match(await done(['verify']), /^The books are proven: .* 0 transfers of live, sandbox/m)
    assert.equal((await evenkeel(['verify', '--tenant', 'move'])).code, 2)
  })

  test('says what is wrong with a setting, and what to do', async () => {
    const { code, said } = await evenkeel(['verify'], { PORT: 'x' })
    assert.equal(code, 2)
    assert.match(said, /^error: PORT=x is not a whole number in range\n {2}fix: Write a number/)
  })
})
