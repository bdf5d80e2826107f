import assert from 'node:assert/strict'
import { openAcquirer } from '../../../test/support/acquirer.ts'
import { examineRail } from '../port/conformance.ts'
import { SANDBOX_RAILS } from './sandbox-rails.ts'

const TABLES = ['orders', 'authentications', 'disputes', 'notifications', 'acquirers', 'due']

for (const name of SANDBOX_RAILS)
  examineRail(name, async () => {
    const world = await openAcquirer()
    const rail = world.acquirer.rails.find((one) => one.name === name)
    assert.ok(rail !== undefined)
    return {
      rail,
      tenant: world.tenant,
      cards: {
        succeeds: () => world.token('visa'),
        declines: () => world.token('visa_chargeDeclined'),
        answerLost: () => world.token('answerLost'),
        orderLost: () => world.token('orderLost'),
        pending: () => world.token('toldTwice'),
        refundPending: () => world.token('pendingRefund'),
      },
      number: '4242424242424242',
      listen: async () => {
        await world.listen()
        return world.heard
      },
      storedTexts: async () => {
        const texts: string[] = []
        for (const table of TABLES) {
          const rows = await world.ask(`select t::text as text from rails.${table} t`)
          texts.push(...rows.map(({ text }) => String(text)))
        }
        return texts
      },
      close: world.close,
    }
  })
