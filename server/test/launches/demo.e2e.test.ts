import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OwnServer, startOwnServer } from '../docs/own-server.ts'
import { testSize } from '../faults/size.ts'

type Step = { readonly step: string } & Readonly<Record<string, unknown>>

const readSteps = (said: string): Step[] =>
  said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Step)

describe('npm run demo:launch', () => {
  let server: OwnServer | null = null
  let steps: readonly Step[] = []
  let said = ''

  before(async () => {
    server = await startOwnServer()
    said = await server.shell('node examples/launch/demo.ts --json')
    steps = readSteps(said)
  })
  after(async () => server?.stop())

  const step = (name: string): Step => {
    const found = steps.find((each) => each.step === name)
    assert.ok(found !== undefined, `the story has no step "${name}". It said:\n${said}`)
    return found
  }

  test('it is proposed, with risks that each wrote alone, and shown which of them nobody watches', () => {
    assert.equal(step('proposed')['status'], 'draft')
    const { risks, watched } = step('premortem')
    assert.deepEqual({ risks, watched }, { risks: 3, watched: 2 })
  })

  test('one signature is missing: refused, and why', () => {
    const { code, message } = step('refused')
    assert.equal(typeof code, 'string')
    assert.match(String(message), /technology/)
  })

  test('signed by both, it starts at 5 %', () => {
    assert.deepEqual(step('started'), { step: 'started', status: 'running', exposure_bp: 500 })
  })

  test('traffic flows, and a share like the exposure goes the launched way', () => {
    const { payments, exposed } = step('traffic') as { payments: number; exposed: number } & Step
    const expected = payments * 0.05
    // Each customer pays as often as the others, so it is the customers' number that varies.
    assert.ok(exposed > expected / 3 && exposed < expected * 3, `${exposed} of ${payments}`)
  })

  test('the stage matures, and the controller asks for what only people can give', () => {
    assert.deepEqual(step('matured'), { step: 'matured', waiting: 'approval', exposure_bp: 500, stage: 0 })
  })

  test('one approval changes nothing; the second raises it', () => {
    const { after_one_bp, exposure_bp, stage } = step('approved')
    assert.deepEqual(
      { after_one_bp, exposure_bp, stage },
      { after_one_bp: 500, exposure_bp: 2_500, stage: 1 },
    )
  })

  test('a fault breaks a guardrail, and exposure is zero by itself', () => {
    const { exposure_bp, by, metric, status } = step('rolled_back')
    assert.equal(exposure_bp, 0)
    assert.match(String(by), /launches\.controller/)
    assert.equal(metric, 'decline_rate')
    assert.ok(status === 'rolling_back' || status === 'rolled_back')
  })

  test('new payments go the old way, and what is in flight finishes where it began', () => {
    const { exposed, rails } = step('old_way')
    assert.deepEqual({ exposed, rails }, { exposed: 0, rails: ['sandbox-card'] })
    assert.deepEqual(step('in_flight'), { step: 'in_flight', rail: 'sandbox-express', captured: true })
  })

  test('the affected payments are listed exactly', () => {
    assert.equal(step('affected')['is_exact'], true)
  })

  // It takes as long as a third of the story, and a guide's figures hang on it, no promise.
  if (testSize() === 'full')
    test('the fortnight that is lived twice begins as its guide says', async () => {
      const lived = await server?.shell('node examples/launch/two-ways.ts 1 20')
      assert.match(lived ?? '', /For the board date: everybody at once\nday {2}1 {2}█{20} {2}100 %/)
      assert.match(lived ?? '', /By stages: 10 %, 30 %, all\nday {2}1 {2}██·{18} {3}10 %/)
    })

  test('the board page is there, and books and log verify', () => {
    assert.ok(Number(step('board')['length']) > 2_000)
    assert.match(String(step('books')['said']), /The books are proven/)
    assert.match(String(step('log')['said']), /The audit log is proven/)
  })
})
