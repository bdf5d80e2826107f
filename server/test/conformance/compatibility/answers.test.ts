import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OWN_PARAMETERS } from '../contract/own-fields.ts'
import { contract } from '../contract/validate.ts'
import { loadOurs, operationOf, parametersOf } from './ours.ts'
import { brokenPromises } from './promises.ts'

test('the schemas of our answers promise what the contract requires, and nothing that it does not know', async () => {
  assert.deepEqual(brokenPromises(await loadOurs()), [])
})

test('what our operations take beside Stripe’s parameters is named', async () => {
  const ours = await loadOurs()
  const beside = Object.entries(contract.operations).flatMap(([route, { parameters }]) => {
    const mine = operationOf(ours, route)
    const theirs = parameters === null ? undefined : contract.definitions[parameters]
    if (mine === null || theirs?.properties === undefined) return []
    const known = theirs.properties
    const own = Object.keys(parametersOf(ours, mine).properties ?? {}).filter(
      (name) => known[name] === undefined,
    )
    return own.length === 0 ? [] : [[route, own] as const]
  })
  const named = Object.entries(OWN_PARAMETERS).map(([route, own]) => [route, Object.keys(own)])
  assert.deepEqual(Object.fromEntries(beside), Object.fromEntries(named))
})
