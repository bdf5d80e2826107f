import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import { bar, exact, figure, range } from '../board-figures.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-board-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const ARM = {
  payments: 1_842,
  amount: 88_729_14,
  succeeded_amount: 86_368_81,
  declined_amount: 2_360_33,
  refunded_amount: 0,
  disputed_amount: 0,
}

const STAGE = {
  progress: 'done',
  exposure_bp: 500,
  named_units: 0,
  benefit_per_day_low: 123_00,
  benefit_per_day_high: 219_00,
  risk_per_day: 287_00,
  ends_p50: null,
  ends_p85: null,
}

const RISK = {
  text: 'The new rail declines cards that the old one takes, in whole countries at once',
  owner: 'Ines',
  probability: 20,
  impact_low: 20_000_00,
  impact_high: 90_000_00,
  watched: true,
  tripwire: { metric: 'decline_rate', bound: 800, action: 'rollback' },
  price: { mean: 10_512_34, p95: 62_200_00 },
}

const BOARD = {
  object: 'launch.board',
  launch: 'launch_1',
  name: 'Express acquiring',
  status: 'rolled_back',
  currency: 'eur',
  currency_exponent: 2,
  generated_at: 1_795_341_600,
  ask: { text: 'Decide: reopen it, or abandon it.' },
  benefit: { low: 900_000_00, high: 1_600_000_00, per: 'year' },
  expected_loss: {
    mean: 29_812_00,
    p50: 9_920_00,
    p95: 110_400_00,
    any_bp: 7_580,
    draws: 10_000,
    curve: [
      { chance_bp: 9_000, loss: 0 },
      { chance_bp: 5_000, loss: 9_920_00 },
      { chance_bp: 4_000, loss: 12_000_00 },
      { chance_bp: 500, loss: 110_400_00 },
      { chance_bp: 100, loss: 220_800_00 },
    ],
  },
  waiting: {
    per_day_low: 2_465_75,
    per_day_high: 4_383_56,
    risk_per_day: 2_484_00,
    assumptions: ['Benefit: so.'],
  },
  risks: [
    RISK,
    { ...RISK, text: 'Nobody answers', tripwire: null, watched: false },
    {
      ...RISK,
      text: 'Late files',
      tripwire: { metric: 'somebody looks', bound: 1, action: 'hold' },
      watched: false,
    },
  ],
  unwatched: 2,
  stages: [
    STAGE,
    { ...STAGE, progress: 'current', exposure_bp: 2_500, ends_p50: 1_795_341_600, ends_p85: 1_795_541_600 },
  ],
  detection: { sentences: ['Sees about 500 payments a day, 2,000 as planned.'] },
  signatures: [
    { role: 'business', state: 'valid', signed: { name: 'Clara', is_new_person: false } },
    { role: 'technology', state: 'expired', signed: { name: 'Tomáš', is_new_person: true } },
  ],
  waivers: [{ gate: 'time', reason: 'the board meets' }],
  story: {
    exposed: ARM,
    control: { ...ARM, payments: 14_220 },
    affected_payments: 1_842,
    in_flight: 3,
    stopped: { by: 'launches.controller', reason: 'failure_rate 14 %' },
  },
  audit: { position: 57, hash: 'abab' },
  html: '<!doctype html><p>the page</p>',
}

const server = (answer: object = BOARD, status = 200) => {
  const asked: string[] = []
  const fetch = async (url: string | URL | Request): Promise<Response> => {
    asked.push(new URL(String(url)).pathname)
    return new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } })
  }
  return { asked, fetch: fetch as typeof globalThis.fetch, environment: { EVENKEEL_API_KEY: 'sk_test_1_x' } }
}

describe('board', () => {
  test('shows the ask, the figures, the stages as bars, and the story in money', async () => {
    const outside = server()
    const { code, answer, said } = await play('board launch_1', outside)
    assert.equal(code, 0)
    assert.deepEqual(outside.asked, ['/v1/launches/launch_1/board'])
    for (const line of [
      /^Express acquiring, rolled back$/m,
      /^Decide: reopen it, or abandon it\.$/m,
      /^Benefit +EUR 900,000 to 1,600,000 per year$/m,
      /^Loss to expect +EUR 9,920 to 110,000 \(P50 to P95\)$/m,
      /^Cost of waiting +EUR 2,470 to 4,380 a day$/m,
      /^Risks +3, of them 2 UNWATCHED$/m,
      /^✔ +5 % +█ +123 – 219 +287 +is over$/m,
      /^▶ +25 % +█████ +.* 2026-11-22 – 2026-11-24$/m,
      /^volume +88,729\.14 +88,729\.14$/m,
      /^1,842 payments went the new way; 3 still in flight\.$/m,
      /^Stopped by launches\.controller: failure_rate 14 %$/m,
      /^Signatures: business: valid by Clara; technology: expired by Tomáš \(younger than 24 h\)\.$/m,
      /^Waived: time, the board meets$/m,
    ])
      assert.match(answer, line)
    assert.match(said, /entry 57 of the audit log, abab/)
  })

  test('writes the page to a file, or says why it cannot', async () => {
    const file = join(folder, 'board.html')
    const { code, said } = await play(['board', 'launch_1', '--out', file], server())
    assert.equal(code, 0)
    assert.equal(readFileSync(file, 'utf8'), BOARD.html)
    assert.match(said, /one sheet/)
    const nowhere = await play(['board', 'launch_1', '--out', join(folder, 'none', 'board.html')], server())
    assert.equal(nowhere.code, 2)
    assert.match(nowhere.said, /ENOENT/)
  })

  test('says what the API refuses', async () => {
    const refusal = { error: { type: 'invalid_request_error', message: "No such launch: 'launch_2'" } }
    const { code, said } = await play('board launch_2', server(refusal, 404))
    assert.equal(code, 2)
    assert.match(said, /404: No such launch/)
  })
})

describe('premortem', () => {
  test('prices each risk, and says who notices', async () => {
    const { code, answer, said } = await play('premortem launch_1', server())
    assert.equal(code, 0)
    assert.match(
      answer,
      /^The new rail declines cards that the ol… +20 % +20,000 – 90,000 +10,500 +62,200 +decline_rate at 8 %: rollback$/m,
    )
    assert.match(answer, /^Nobody answers .* UNWATCHED: no tripwire$/m)
    assert.match(answer, /^Late files .* UNWATCHED: "somebody looks" is wired to nothing$/m)
    assert.match(answer, /^2 of 3 risks UNWATCHED: nobody notices/m)
    assert.match(answer, /^A day of risk costs EUR 2,480, a day of waiting EUR 2,470 to 4,380\.$/m)
    assert.match(said, /Benefit: so\./)
  })

  test('draws the curve: the rarer, the dearer', async () => {
    const { answer } = await play('premortem launch_1', server())
    const bars = [...answer.matchAll(/^ +(\d+) % +([\d,]+)(?: +(█*\S?))?$/gm)].map(
      ([, chance, , drawn = '']) => [chance, drawn.length],
    )
    assert.deepEqual(bars, [
      ['90', 0],
      ['50', 3],
      ['5', 24],
      ['1', 48],
    ])
  })

  test('prints JSON without the page', async () => {
    const { answer } = await play('premortem launch_1 --json', server())
    const shown = JSON.parse(answer) as Record<string, unknown>
    assert.deepEqual(shown['unwatched'], 2)
    assert.equal(shown['html'], undefined)
  })

  test('of a launch without risks says why there are none', async () => {
    const { code, answer } = await play('premortem launch_1', server({ ...BOARD, risks: [], unwatched: 0 }))
    assert.equal(code, 0)
    assert.match(answer, /pre-mortem is not open/)
  })
})

test('amounts: estimates with three digits, what moved to the cent', () => {
  const eur = { currency: 'eur', currency_exponent: 2 }
  const jpy = { currency: 'jpy', currency_exponent: 0 }
  assert.deepEqual([figure(12_345_678, eur), figure(905, eur), figure(0, eur)], ['123,000', '9.05', '0'])
  assert.equal(range(100_00, 100_00, eur), 'EUR 100')
  assert.deepEqual(
    [exact(5, eur), exact(123_456_789, eur), exact(1_234, jpy)],
    ['0.05', '1,234,567.89', '1,234'],
  )
  assert.deepEqual([bar(0, 8, 8), bar(1, 16, 8), bar(8, 8, 8), bar(1, 0, 8)], ['', '▌', '████████', ''])
})
