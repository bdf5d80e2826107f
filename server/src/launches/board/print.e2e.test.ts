import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { draftInput, longInput, rolledBackInput, runningInput } from '../../../test/support/board-inputs.ts'
import { browserMissing, type OpenedBrowser, openBrowser } from '../../../test/support/browser.ts'
import { figuresOf } from './figures.ts'
import { boardPage } from './page.ts'

const skip = browserMissing() ?? false

let browser: OpenedBrowser | null = null
before(async () => {
  if (skip === false) browser = await openBrowser()
})
after(async () => browser?.close())

const SHEETS = {
  A4: { format: 'A4', box: /\/MediaBox \[0 0 59[45]/ },
  letter: { format: 'Letter', box: /\/MediaBox \[0 0 612 792\]/ },
} as const

/** How many sheets of paper it takes. */
const sheets = async (html: string, size: keyof typeof SHEETS): Promise<number> => {
  assert.ok(browser !== null, 'the browser is open')
  const page = await browser.newPage()
  await page.setContent(html)
  const printed = (await page.pdf({ format: SHEETS[size].format, printBackground: true })).toString('latin1')
  await page.close()
  assert.match(printed, SHEETS[size].box)
  return printed.match(/\/Type \/Page\b/g)?.length ?? 0
}

/** By how many pixels the content is higher than the sheet: whatever hangs over would be cut. */
const overhang = async (html: string): Promise<number> => {
  assert.ok(browser !== null, 'the browser is open')
  const page = await browser.newPage()
  await page.setContent(html)
  const over = await page.evaluate(
    '(() => { const m = document.querySelector("main"); return m.scrollHeight - m.clientHeight })()',
  )
  await page.close()
  return Number(over)
}

describe('printed by a browser, the board page', { skip }, () => {
  const all = { draft: draftInput, running: runningInput, 'rolled-back': rolledBackInput, long: longInput }

  for (const [name, make] of Object.entries(all))
    test(`of a ${name} launch fits: nothing of it is cut`, async () => {
      assert.equal(await overhang(boardPage(figuresOf(make()))), 0)
    })

  for (const size of ['A4', 'letter'] as const)
    test(`is one sheet of ${size}, however much there is to say`, async () => {
      assert.equal(await sheets(boardPage(figuresOf(longInput())), size), 1)
    })
})
