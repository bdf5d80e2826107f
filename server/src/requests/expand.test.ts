import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { TenantId } from '../kit/index.ts'
import { type Expanders, expandObjects, type Shown } from './expand.ts'

const OBJECTS: Readonly<Record<string, Shown>> = {
  cus_1: { id: 'cus_1', settings: { card: 'pm_1' } },
  pm_1: { id: 'pm_1', customer: 'cus_1' },
}

const asked: string[][] = []

const expander: Expanders[string] = async (_read, _scope, ids) => {
  asked.push([...ids])
  return new Map(ids.flatMap((id) => (OBJECTS[id] === undefined ? [] : [[id, OBJECTS[id]] as const])))
}

const expanders: Expanders = { cus: expander, pm: expander }
const scope = { tenant: 1 as TenantId, livemode: false }

const expand = (shown: readonly Shown[], ...paths: string[]) => {
  const all = paths.flatMap((path) => {
    const steps = path.split('.')
    return steps.map((_, index) => steps.slice(0, index + 1).join('.'))
  })
  asked.length = 0
  return expandObjects(async () => [], scope, shown, new Set(all), expanders)
}

describe('expanding', () => {
  test('goes level by level, and asks once for each kind', async () => {
    const [one, two] = await expand(
      [{ customer: 'cus_1' }, { customer: 'cus_1' }],
      'customer.settings.card.customer',
    )
    const expected = {
      customer: { id: 'cus_1', settings: { card: { id: 'pm_1', customer: OBJECTS['cus_1'] } } },
    }
    assert.deepEqual([one, two], [expected, expected])
    assert.deepEqual(asked, [['cus_1'], ['pm_1'], ['cus_1']])
  })

  test('goes through lists, and leaves what it does not find, and what it was given', async () => {
    const shown = [{ list: { data: [{ card: 'pm_1' }, { card: 'pm_2' }, { card: null }] } }]
    const [expanded] = await expand(shown, 'list.data.card')
    assert.deepEqual(expanded, {
      list: { data: [{ card: OBJECTS['pm_1'] }, { card: 'pm_2' }, { card: null }] },
    })
    assert.deepEqual(shown, [{ list: { data: [{ card: 'pm_1' }, { card: 'pm_2' }, { card: null }] } }])
  })

  test('gives each place an object of its own, and changes none that it was brought', async () => {
    const before = structuredClone(OBJECTS)
    const [one] = await expand([{ a: 'cus_1', b: 'cus_1' }], 'a.settings.card', 'b')
    assert.deepEqual(one, {
      a: { id: 'cus_1', settings: { card: { id: 'pm_1', customer: 'cus_1' } } },
      b: { id: 'cus_1', settings: { card: 'pm_1' } },
    })
    assert.deepEqual(OBJECTS, before)
  })
})
