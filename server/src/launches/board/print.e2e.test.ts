import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { draftInput, longInput, rolledBackInput, runningInput } from '../../../test/support/board-inputs.ts'
import { figuresOf } from './figures.ts'
import { boardPage } from './page.ts'

const run = promisify(execFile)

const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)
const skip = browser === undefined ? 'this machine has no browser' : false

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-board-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const SECONDS = 60_000

const ask = async (file: string, ...wanted: readonly string[]): Promise<string> => {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${folder}/profile`, ...wanted]
  const { stdout } = await run(browser ?? '', [...args, `file://${file}`], { timeout: SECONDS })
  return stdout
}

const write = (name: string, page: string): string => {
  const file = join(folder, `${name}.html`)
  writeFileSync(file, page)
  return file
}

const SHEETS = { A4: /\/MediaBox \[0 0 59[45]/, letter: /\/MediaBox \[0 0 612 792\]/ } as const

const sheets = async (name: string, page: string, size: keyof typeof SHEETS): Promise<number> => {
  const pdf = join(folder, `${name}-${size}.pdf`)
  const sized = page.replace('@page{size:auto', `@page{size:${size}`)
  assert.notEqual(sized, page)
  await ask(write(`${name}-${size}`, sized), '--no-pdf-header-footer', `--print-to-pdf=${pdf}`)
  const printed = readFileSync(pdf, 'latin1')
  assert.match(printed, SHEETS[size])
  return printed.match(/\/Type \/Page\b/g)?.length ?? 0
}

/** By how many pixels the content is higher than the sheet: whatever hangs over would be cut. */
const overhang = async (name: string, page: string): Promise<number> => {
  const measure = `<script>addEventListener('load',()=>{const m=document.querySelector('main');document.title='over '+(m.scrollHeight-m.clientHeight)})</script>`
  const open = page.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', `${measure}</body>`)
  const shown = await ask(write(`${name}-measured`, open), '--dump-dom')
  return Number(/<title>over (\d+)/.exec(shown)?.[1])
}

describe('printed by a browser, the board page', { skip }, () => {
  const all = { draft: draftInput, running: runningInput, 'rolled-back': rolledBackInput, long: longInput }

  for (const [name, make] of Object.entries(all))
    test(`of a ${name} launch fits: nothing of it is cut`, async () => {
      assert.equal(await overhang(name, boardPage(figuresOf(make()))), 0)
    })

  for (const size of ['A4', 'letter'] as const)
    test(`is one sheet of ${size}, however much there is to say`, async () => {
      assert.equal(await sheets('long', boardPage(figuresOf(longInput())), size), 1)
    })
})
