import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createLeaving, createStopping, type OnSignal } from './stopping.ts'

type Stand = {
  readonly onSignal: OnSignal
  readonly did: string[]
  readonly wait: (ms: number) => void
  /** The time to leave in is over. */
  readonly over: () => Promise<void>
}

const stand = (drainMs: number): Stand => {
  const did: string[] = []
  let nowMs = 5_000
  let end = (): void => undefined
  const onSignal = createStopping({
    now: () => nowMs,
    drainMs,
    leave: (ms) => {
      did.push(`leaves ${ms}`)
      return new Promise((resolve) => {
        end = resolve
      })
    },
    hurry: () => {
      did.push('hurries')
      end()
    },
    stop: async () => void did.push('stops'),
    giveUp: () => did.push('gives up'),
    say: () => undefined,
  })
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    onSignal,
    did,
    wait: (ms) => {
      nowMs += ms
    },
    over: () => {
      end()
      return turn()
    },
  }
}

describe('a signal', () => {
  test('lets load balancers look away first, and only then closes the door', async () => {
    const { onSignal, did, over } = stand(20_000)
    onSignal('SIGTERM')
    assert.deepEqual(did, ['leaves 20000'])
    await over()
    assert.deepEqual(did, ['leaves 20000', 'stops'])
  })

  test('stops at once where there is nobody to wait for', () => {
    const { onSignal, did } = stand(0)
    onSignal('SIGTERM')
    assert.deepEqual(did, ['stops'])
  })

  test('of a terminal never waits', async () => {
    const first = stand(20_000)
    first.onSignal('SIGINT')
    assert.deepEqual(first.did, ['stops'])
    const second = stand(20_000)
    second.onSignal('SIGTERM')
    second.onSignal('SIGINT')
    await second.over()
    assert.deepEqual(second.did, ['leaves 20000', 'hurries', 'stops'])
  })

  test('that comes twice within a second is one', async () => {
    const { onSignal, did, wait, over } = stand(20_000)
    onSignal('SIGTERM')
    wait(1_000)
    onSignal('SIGTERM')
    assert.deepEqual(did, ['leaves 20000'])
    await over()
    onSignal('SIGTERM')
    assert.deepEqual(did, ['leaves 20000', 'stops'])
  })

  test('again later ends the waiting, and then the process', async () => {
    const { onSignal, did, wait, over } = stand(20_000)
    onSignal('SIGTERM')
    wait(1_001)
    onSignal('SIGTERM')
    await over()
    assert.deepEqual(did, ['leaves 20000', 'hurries', 'stops'])
    wait(1_001)
    onSignal('SIGTERM')
    assert.deepEqual(did, ['leaves 20000', 'hurries', 'stops', 'gives up'])
  })
})

describe('the time to leave in', () => {
  test('ends by itself', async () => {
    const leaving = createLeaving()
    assert.equal(leaving.isLeaving(), false)
    const left = leaving.leave(1)
    assert.equal(leaving.isLeaving(), true)
    await left
    assert.equal(leaving.isLeaving(), true)
  })

  test('ends when somebody is in a hurry', async () => {
    const leaving = createLeaving()
    const left = leaving.leave(3_600_000)
    leaving.hurry()
    await left
  })
})
