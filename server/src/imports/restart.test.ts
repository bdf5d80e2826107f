import assert from 'node:assert/strict'
import { test } from 'node:test'
import { away, createMemoryLedger } from './memory-ledger.ts'
import { fileOf, many, reportOf, run } from './small-bank.ts'

/** A ledger that is killed at its n-th request from now, once. */
const mortal = () => {
  let left = 0
  const port = createMemoryLedger({
    before: () => {
      left -= 1
      if (left === 0) throw new Error('killed')
    },
  })
  return { port, killAt: (request: number) => (left = request) }
}

test('killed at any request and run again, it posts nothing twice and reports what an unbroken run does', async () => {
  const file = await fileOf(...many(400))
  const options = { settle: true, batchItems: 50 }
  const unbroken = createMemoryLedger()
  const expected = reportOf(await run(file, unbroken, options))
  assert.deepEqual([expected.mode, expected.lines], ['imported', 400])
  for (let request = 1; request <= unbroken.requests(); request += 1) {
    const { port, killAt } = mortal()
    killAt(request)
    await assert.rejects(run(file, port, options), /killed/)
    assert.deepEqual(reportOf(await run(file, port, options)), expected, `killed at request ${request}`)
    assert.deepEqual(port.journal, unbroken.journal)
  }
})

test('killed as an ordinary import it goes on as one', async () => {
  const file = await fileOf(...many(400))
  const newer = await fileOf('x,K0,2024-06-01,1.00,1.00')
  const options = { batchItems: 50 }
  const unbroken = createMemoryLedger()
  await run(newer, unbroken)
  const before = unbroken.requests()
  const expected = reportOf(await run(file, unbroken, options))
  assert.deepEqual([expected.mode, expected.ordinary_transfers], ['ordinary', 400])
  for (let request = 1; request <= unbroken.requests() - before; request += 1) {
    const { port, killAt } = mortal()
    await run(newer, port)
    killAt(request)
    await assert.rejects(run(file, port, options), /killed/)
    assert.deepEqual(reportOf(await run(file, port, options)), expected, `killed at request ${request}`)
    assert.deepEqual([...port.transfers.keys()], [...unbroken.transfers.keys()])
  }
})

test('where something newer comes in between, the rest is ordinary, and a third run changes nothing', async () => {
  const file = await fileOf(...many(400))
  const { port, killAt } = mortal()
  killAt(8)
  await assert.rejects(run(file, port, { batchItems: 50 }), /killed/)
  const posted = port.transfers.size
  assert.ok(posted > 0 && posted < 400)
  await run(await fileOf('x,K0,2024-06-01,1.00,1.00'), port)
  const report = reportOf(await run(file, port, { batchItems: 50 }))
  assert.deepEqual(
    [report.mode, report.imported_transfers, report.ordinary_transfers],
    ['mixed', posted, 400 - posted],
  )
  assert.match(report.mode_reason, new RegExp(`the first of them line ${posted + 2}:`))
  const ids = [...port.transfers.keys()]
  assert.deepEqual(reportOf(await run(file, port, { batchItems: 50 })), report)
  assert.deepEqual([...port.transfers.keys()], ids)
})

test('a ledger that is away is asked again, and one that stays away ends the import', async () => {
  const file = await fileOf(...many(5))
  const flaky = createMemoryLedger({
    before: (request) => {
      if (request > 2 && request % 2 === 1 && request < 9) throw away()
    },
  })
  assert.equal(reportOf(await run(file, flaky)).ledger_check.accounts_equal, 5)
  const gone = createMemoryLedger({
    before: (request) => {
      if (request > 3) throw away()
    },
  })
  await assert.rejects(run(file, gone), /the ledger is away/)
})
