import { test } from 'node:test'
import { cutCommit } from './runs/cut-commit.ts'
import { expectSound } from './runs/expect.ts'
import { AMOUNTS, testSize } from './size.ts'

const { cuts } = AMOUNTS[testSize()]

test('a connection cut at COMMIT is resolved by looking: nothing is lost, doubled or refused', async (t) => {
  expectSound(t, await cutCommit(cuts, () => undefined), cuts)
})
