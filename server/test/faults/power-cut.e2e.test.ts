import { after, before, test } from 'node:test'
import { cutPower } from './power-cut/run.ts'
import { expectSound } from './runs/expect.ts'
import { openSite, type Site } from './runs/site.ts'
import { AMOUNTS, testSize } from './size.ts'

const amounts = AMOUNTS[testSize()]

let site: Site
before(async () => {
  site = await openSite()
})
after(async () => {
  await site.close()
})

test('the power fails under load: what was acknowledged before is there, whatever the disk kept of the rest', async (t) => {
  const tally = await cutPower(site, amounts.powerCuts, () => undefined)
  expectSound(t, tally, amounts.powerCuts)
})
