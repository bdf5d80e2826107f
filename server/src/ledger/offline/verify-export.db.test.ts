import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type ClosingBooks, type ClosingWorld, openClosing } from '../../../test/support/closing-world.ts'
import { sha256Hex } from '../../kit/index.ts'
import { type ExportManifest, verifyExport } from '../index.ts'
import { CsvReader } from './read-csv.ts'

let world: ClosingWorld
let root: string
let books: ClosingBooks
let whole: string
let manifest: ExportManifest

const ok = async (answer: ReturnType<ClosingBooks['post']>): Promise<Record<string, unknown>> => {
  const { status, body, text } = await answer
  assert.equal(status, 200, text)
  return body
}

const open = async (ledger: number, code: number, currency: string, more: object = {}): Promise<string> =>
  (await ok(books.post('/v1/ledger/accounts', { ledger, code, currency, ...more })))['id'] as string

/** Entries of every type, on days before the period, in it and after it, and texts that a table program would run. */
const fill = async (): Promise<void> => {
  const cash = await open(1, 10, 'eur', { reference: '=HYPERLINK("http://evil")' })
  const shop = await open(1, 20, 'eur', { reference: 'shop, "the" one' })
  const idle = await open(1, 20, 'eur')
  const dollars = await open(7, 10, 'usd')
  const other = await open(7, 20, 'usd')
  const move = (offset: number, amount: number, more: object = {}): Promise<Record<string, unknown>> =>
    ok(
      books.post('/v1/ledger/transfers', {
        debit_account: cash,
        credit_account: shop,
        ledger: 1,
        code: 1,
        amount,
        book_date: books.day(offset),
        ...more,
      }),
    )
  await move(-20, 1_000)
  await move(-5, 250, { external_reference: '@SUM(A1:A9)\r\nnext', metadata: { 'a,b': '"q"', ü: '😀' } })
  await move(-20, 30)
  const posted = await move(-5, 400, { flags: ['pending'] })
  const voided = await move(-5, 70, { flags: ['pending'] })
  await ok(books.post(`/v1/ledger/transfers/${posted['id']}/post`, { amount: 150, book_date: books.day(-4) }))
  await ok(books.post(`/v1/ledger/transfers/${voided['id']}/void`, { book_date: books.day(-4) }))
  await move(-4, 9, { debit_account: shop, credit_account: cash })
  await move(-3, 5, { debit_account: dollars, credit_account: other, ledger: 7 })
  await move(-1, 11, { credit_account: idle })
}

before(async () => {
  world = await openClosing()
  root = mkdtempSync(join(tmpdir(), 'evenkeel-export-'))
  books = await world.tenant('Europe/Prague')
  await fill()
  await ok(books.post('/v1/ledger/close', { date: books.day(-10) }))
  await ok(books.post('/v1/ledger/close', { date: books.day(-3) }))
  whole = join(root, 'whole')
  manifest = await world.exportTo(books, whole, { from: books.day(-9), to: books.day(-3) })
})
after(async () => {
  rmSync(root, { recursive: true, force: true })
  await world.close()
})

const failed = async (folder: string): Promise<readonly string[]> =>
  (await verifyExport(folder)).checks.filter((check) => !check.ok).map(({ name }) => name)

describe('an export', () => {
  test('is proven by its files alone, over all their lines', async () => {
    const report = await verifyExport(whole)
    assert.deepEqual([report.ok, report.checks.flatMap(({ findings }) => findings)], [true, []])
    for (const { name, rows } of report.checks) assert.ok(rows > 0, `${name} looked at nothing`)
    const rowsOf = Object.fromEntries(manifest.files.map(({ name, rows }) => [name, rows]))
    assert.deepEqual(rowsOf, {
      'entries.csv': 14,
      'trial_balance.csv': 4,
      'accounts.csv': 5,
      'balances.csv': 4,
    })
    assert.deepEqual(manifest.totals, [
      {
        ledger: 1,
        currency: 'eur',
        opening_debits: '1030',
        opening_credits: '1030',
        movement_debits: '409',
        movement_credits: '409',
        closing_debits: '1439',
        closing_credits: '1439',
      },
      {
        ledger: 7,
        currency: 'usd',
        opening_debits: '0',
        opening_credits: '0',
        movement_debits: '5',
        movement_credits: '5',
        closing_debits: '5',
        closing_credits: '5',
      },
    ])
  })

  test('of a closed period gives the digest of its closing, as two commands compute it', async (context) => {
    const [closing] = (await books.get('/v1/ledger/closings')).body['data'] as Record<string, unknown>[]
    assert.deepEqual(manifest.closing, { id: closing?.['id'], number: 2, digest: closing?.['digest'] })
    const hashes = ['entries.csv', 'trial_balance.csv'].map(
      (name) => `${sha256Hex(readFileSync(join(whole, name)))}  ${name}\n`,
    )
    assert.equal(sha256Hex(hashes.join('')), closing?.['digest'])
    const shell = spawnSync('sh', ['-c', 'sha256sum entries.csv trial_balance.csv | sha256sum'], {
      cwd: whole,
    })
    if (shell.status !== 0 || shell.stdout.length < 64) context.diagnostic('sha256sum is not here')
    else assert.equal(shell.stdout.toString().slice(0, 64), closing?.['digest'])
  })

  test('of any other period is proven too, and vouched for by no closing', async () => {
    const spans = [
      { from: null, to: books.day(-3) },
      { from: null, to: books.day(3) },
      { from: books.day(-4), to: books.day(-4) },
      { from: books.day(-2), to: books.day(-2) },
      { from: null, to: '1999-12-31' },
    ]
    for (const [index, span] of spans.entries()) {
      const folder = join(root, `span-${index}`)
      const { closing } = await world.exportTo(books, folder, span)
      assert.deepEqual([closing, await failed(folder)], [null, []], JSON.stringify(span))
    }
  })

  test('is never written over anything, and not where nothing can be written', async () => {
    const span = { from: null, to: books.day(-3) }
    await assert.rejects(world.exportTo(books, whole, span), /is not empty/)
    await assert.rejects(world.exportTo(books, join(whole, 'manifest.json'), span), /is a file/)
    await assert.rejects(world.exportTo(books, join(root, 'nowhere', 'x'), span), /There is no folder/)
    await assert.rejects(
      world.exportTo(books, join(root, 'x'), { from: books.day(0), to: books.day(-1) }),
      /begins after/,
    )
    const strange = join(root, 'strange')
    mkdirSync(`${strange}.unfinished`)
    writeFileSync(join(`${strange}.unfinished`, 'diary.txt'), 'mine')
    await assert.rejects(world.exportTo(books, strange, span), /holds diary.txt/)
    assert.deepEqual(readdirSync(`${strange}.unfinished`), ['diary.txt'])
  })

  test('that was killed is no export, and the next one clears what it left', async () => {
    const folder = join(root, 'killed')
    mkdirSync(`${folder}.unfinished`)
    cpSync(join(whole, 'entries.csv'), join(`${folder}.unfinished`, 'entries.csv'))
    await assert.rejects(verifyExport(folder), /manifest.json cannot be read/)
    await assert.rejects(verifyExport(`${folder}.unfinished`), /manifest.json cannot be read/)
    await world.exportTo(books, folder, { from: books.day(-9), to: books.day(-3) })
    assert.deepEqual([await failed(folder), existsSync(`${folder}.unfinished`)], [[], false])
  })

  test('of a period that somebody has changed since it was closed is not given to anybody', async () => {
    const folder = join(root, 'changed')
    await assert.rejects(
      changedBooks(() => world.exportTo(books, folder, { from: books.day(-9), to: books.day(-3) })),
      /was closed with the digest [0-9a-f]{64} and now gives/,
    )
    assert.equal(existsSync(folder), false)
    assert.equal(existsSync(`${folder}.unfinished`), false)
  })
})

const changedBooks = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  const set = (code: number): Promise<void> =>
    world.base.asOwner(
      books.id,
      `update ledger.transfers set user_data = ${code} where tenant = $1 and amount = 5`,
      [books.id],
    )
  await set(1)
  try {
    return await work()
  } finally {
    await set(0)
  }
}

describe('an export that somebody has changed is found out', () => {
  type Files = Record<string, string>
  type Tamper = readonly [what: string, change: (files: Files) => void, reported: readonly string[]]

  const edit = (files: Files, name: string, from: RegExp | string, to: string): void => {
    const text = files[name] ?? ''
    const changed = text.replace(from, to)
    assert.notEqual(changed, text, `${name} has ${from}`)
    files[name] = changed
  }

  /** As careful as a forger can be without the closing: hashes, sizes and the digest all agree again. */
  const resign = (files: Files): void => {
    const told = JSON.parse(files['manifest.json'] ?? '') as {
      files: { name: string }[]
      digest: string
      closing: unknown
    }
    const hash = (name: string): string => sha256Hex(files[name] ?? '')
    const again = told.files.map(({ name }) => ({
      name,
      sha256: hash(name),
      bytes: Buffer.byteLength(files[name] ?? ''),
      rows: new CsvReader().take(files[name] ?? '').length - 1,
    }))
    const digest = sha256Hex(
      `${hash('entries.csv')}  entries.csv\n${hash('trial_balance.csv')}  trial_balance.csv\n`,
    )
    files['manifest.json'] = JSON.stringify({ ...told, files: again, digest, closing: null })
  }

  const tampers: readonly Tamper[] = [
    [
      'a byte of a text',
      (files) => edit(files, 'entries.csv', '\nnext"', '\ntext"'),
      ['files', 'digest', 'entries'],
    ],
    [
      'an amount',
      (files) => edit(files, 'entries.csv', ',250,0,', ',251,0,'),
      ['files', 'digest', 'entries', 'balances'],
    ],
    [
      'a line is gone',
      (files) => edit(files, 'accounts.csv', /la_[^\r]*\r\n/, ''),
      ['files', 'accounts', 'trial_balance', 'debits_equal_credits'],
    ],
    [
      'the file is cut off',
      (files) => edit(files, 'entries.csv', /\r\n$/, ''),
      ['files', 'digest', 'entries', 'balances'],
    ],
    [
      'a closing balance',
      (files) => edit(files, 'balances.csv', /,1430,9\r\n/, ',1431,9\r\n'),
      ['files', 'balances', 'trial_balance', 'debits_equal_credits'],
    ],
    [
      'a line of the trial balance',
      (files) => edit(files, 'trial_balance.csv', /,5,0\r\n/, ',6,0\r\n'),
      ['files', 'digest', 'trial_balance'],
    ],
    [
      'a file is missing',
      (files) => void delete files['balances.csv'],
      ['files', 'balances', 'trial_balance', 'debits_equal_credits'],
    ],
    ['a file too many', (files) => Object.assign(files, { 'notes.txt': 'x' }), ['files']],
    [
      'the closing’s digest',
      (files) => edit(files, 'manifest.json', /("number": 2,\s+"digest": ")[0-9a-f]{4}/, '$10000'),
      ['digest'],
    ],
    [
      'the amount of a transfer on both sides, with every checksum made anew',
      (files) => {
        files['entries.csv'] = (files['entries.csv'] ?? '').replaceAll(',150,400,', ',160,400,')
        resign(files)
      },
      ['arithmetic', 'balances'],
    ],
    [
      'an entry of another day, with every checksum made anew',
      (files) => {
        files['entries.csv'] = (files['entries.csv'] ?? '').replaceAll(
          `,${books.day(-3)},`,
          `,${books.day(-2)},`,
        )
        resign(files)
      },
      ['entries'],
    ],
    [
      'a transfer is left out, with every checksum made anew',
      (files) => {
        files['entries.csv'] = (files['entries.csv'] ?? '').replace(
          /^\d+,(debit|credit)(,[^\r]*),usd,[^\r]*\r\n/gm,
          '',
        )
        resign(files)
      },
      ['balances'],
    ],
    [
      'debits and credits differ, with every checksum made anew',
      (files) => {
        edit(files, 'balances.csv', /,0,0,5,0,5,0\r\n/, ',1,0,5,0,6,0\r\n')
        edit(files, 'trial_balance.csv', /,5,0\r\n/, ',6,0\r\n')
        edit(files, 'manifest.json', /("ledger": 7,[^}]*"opening_debits": )"0"/, '$1"1"')
        edit(files, 'manifest.json', /("ledger": 7,[^}]*"closing_debits": )"5"/, '$1"6"')
        resign(files)
      },
      ['debits_equal_credits'],
    ],
  ]
  for (const [index, [what, change, reported]] of tampers.entries()) {
    test(what, async () => {
      const folder = join(root, `tamper-${index}`)
      const files: Files = Object.fromEntries(
        readdirSync(whole).map((name) => [name, readFileSync(join(whole, name), 'utf8')]),
      )
      change(files)
      mkdirSync(folder)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      assert.deepEqual(await failed(folder), reported)
    })
  }

  test('a manifest that is none is refused by name', async () => {
    for (const text of ['', '{}', '[]', 'null', '{"format":"evenkeel.ledger_export","version":2}']) {
      const folder = mkdtempSync(join(root, 'manifest-'))
      writeFileSync(join(folder, 'manifest.json'), text)
      await assert.rejects(verifyExport(folder), /is no manifest of an export/)
    }
  })
})
