// The sandbox's clock, so that a story of days takes minutes.

import { setTimeout as pause } from 'node:timers/promises'
import type { Caller, World } from './world.ts'

type TestClock = { readonly id: string; readonly status: string; readonly frozen_time: number }

export type Clock = {
  /** Moves the sandbox on, and waits until everything that falls due on the way is done. */
  readonly advance: (hours: number) => Promise<void>
  readonly release: () => Promise<void>
}

const HOUR_S = 3_600
const LOOK_AGAIN_MS = 100

const arrived = async (program: Caller, id: string): Promise<TestClock> => {
  for (;;) {
    const clock = await program.get<TestClock>(`/v1/test_helpers/test_clocks/${id}`)
    if (clock.status === 'ready') return clock
    if (clock.status !== 'advancing') throw new Error(`The clock ended as ${clock.status}.`)
    await pause(LOOK_AGAIN_MS)
  }
}

export const takeClock = async ({ program }: World): Promise<Clock> => {
  const { id } = await program.post<TestClock>('/v1/test_helpers/test_clocks', {
    frozen_time: Math.floor(Date.now() / 1_000) + 1,
    name: 'launch',
  })
  await arrived(program, id)
  return {
    advance: async (hours) => {
      const { frozen_time: now } = await arrived(program, id)
      await program.post(`/v1/test_helpers/test_clocks/${id}/advance`, {
        frozen_time: now + Math.round(hours * HOUR_S),
      })
      await arrived(program, id)
    },
    release: async () => {
      await program.client.request('DELETE', `/v1/test_helpers/test_clocks/${id}`)
    },
  }
}
