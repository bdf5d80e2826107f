import { after, before, test } from 'node:test'
import { jumpClocks } from './clock-jumps/run.ts'
import { type ClockWorld, openClockWorld } from './clock-jumps/world.ts'
import { expectSound } from './runs/expect.ts'
import { AMOUNTS, testSize } from './size.ts'

const amounts = AMOUNTS[testSize()]

let world: ClockWorld
before(async () => {
  world = await openClockWorld()
})
after(async () => {
  await world.close()
})

test('clocks jump back and forward under load: times never fall, an hour behind is refused by name, and it heals', async (t) => {
  expectSound(t, await jumpClocks(world, amounts.clockJumps, () => undefined), amounts.clockJumps)
})
