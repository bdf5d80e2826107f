import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Value } from 'typebox/value'
import {
  draftInput,
  inputOf,
  launchOf,
  longInput,
  NOW,
  rolledBackInput,
  runningInput,
  signatureOf,
} from '../../../test/support/board-inputs.ts'
import { contentOf, riskOf } from '../../../test/support/launch-content.ts'
import { isDense } from './density.ts'
import { figuresOf } from './figures.ts'
import type { BoardInput } from './input.ts'
import { RISKS_SHOWN } from './limits.ts'
import { clip } from './markup.ts'
import { boardPage } from './page.ts'
import { boardObject } from './schema.ts'

const pageOf = (input: BoardInput): string => boardPage(figuresOf(input))

/** What people read, without the tags. */
const textOf = (input: BoardInput): string =>
  pageOf(input)
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

const INPUTS = { draft: draftInput, running: runningInput, 'rolled back': rolledBackInput, long: longInput }

const HOSTILE = `</style></title><script>alert(1)</script><img src="https://evil.example/x" onerror='x'>&amp;`

/** The same with something hostile in the place of every text that people write. */
const poisoned = (value: unknown, key = ''): unknown => {
  const kept = [
    'currency',
    'unit',
    'per',
    'type',
    'tier',
    'action',
    'status',
    'role',
    'gate',
    'timeZone',
    'contentHash',
  ]
  if (typeof value === 'string') return kept.includes(key) ? value : HOSTILE
  if (Array.isArray(value)) return value.map((each) => poisoned(each, key))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poisoned(each, name)]))
}

describe('the board page', () => {
  for (const [name, make] of Object.entries(INPUTS)) {
    test(`of a ${name} launch has nothing from outside and no script`, () => {
      const page = pageOf(make())
      assert.doesNotMatch(
        page,
        /<script|<link|<iframe|<img|<object|@import|url\(|\ssrc=|\shref=|\son\w+=|https?:/i,
      )
      assert.match(page, /default-src 'none'/)
      assert.match(page, /@page\{size:auto/)
    })

    test(`of a ${name} launch is the same for the same record, and its figures are as documented`, () => {
      assert.equal(pageOf(make()), pageOf(make()))
      const figures = figuresOf(make())
      const [error] = Value.Errors(boardObject, { ...figures, html: boardPage(figures) })
      assert.equal(error, undefined)
    })
  }

  test('escapes whatever people wrote, wherever it stands', () => {
    const input = longInput()
    const { id, salt, createdMicros } = input.launch
    const launch = { ...(poisoned(input.launch) as typeof input.launch), id, salt, createdMicros }
    const budget = poisoned(input.budget) as typeof input.budget
    const page = pageOf({ ...input, launch, ownerName: HOSTILE, budget: { ...budget, state: 'over' } })
    assert.doesNotMatch(page, /<script|<img/)
    assert.equal(page.split('</style>').length, 2)
    assert.match(page, /&lt;script&gt;/)
  })

  test('shows no sign that nobody sees, nor one that turns the direction of writing', () => {
    const name = 'Pay\u202Eelbat\u0007s\u200Bafe'
    const page = pageOf(inputOf(launchOf({ content: contentOf({ name }) })))
    for (const sign of ['\u202e', '\u0007', '\u200b']) assert.ok(!page.includes(sign))
    assert.match(page, /<h1 class="clamp2">Pay elbat s afe<\/h1>/)
  })

  test('cuts a text between signs, never within one, and says that it did', () => {
    assert.equal(clip('🙂🙂🙂🙂', 3), '🙂🙂…')
    assert.equal(clip(' a  b ', 3), 'a b')
  })
})

describe('what does not fit', () => {
  test('is counted: risks, stages, waivers, events, sentences', () => {
    const text = textOf(longInput())
    assert.match(text, /And 7 more risks, \d of them UNWATCHED, together EUR/)
    assert.match(text, /And 14 more stages before or after\./)
    assert.match(text, /And 7 more waivers\./)
    assert.match(text, /8 events not shown/)
    assert.match(text, /And \d more sentences in the record\./)
  })

  test('never makes the page longer than a sheet holds', () => {
    for (const make of Object.values(INPUTS)) {
      const text = textOf(make())
      assert.ok(text.length < 7_500, String(text.length))
    }
    assert.equal(
      (pageOf(longInput()).match(/UNWATCHED<\/span> <span class="quiet">/g) ?? []).length,
      RISKS_SHOWN,
    )
  })

  test('makes the print smaller, and only then', () => {
    assert.equal(isDense(figuresOf(longInput())), true)
    assert.equal(isDense(figuresOf(draftInput())), false)
    assert.match(pageOf(longInput()), /<body class="dense">/)
  })
})

describe('risks', () => {
  test('are UNWATCHED unless their tripwire is wired to a live metric', () => {
    const wired = riskOf({ tripwire: { metric: 'declined_amount', bound: 50_000_00, action: 'hold' } })
    const words = riskOf({ tripwire: { metric: 'somebody looks', bound: 1, action: 'hold' } })
    const none = riskOf({ tripwire: null })
    const of = (risk: typeof wired) =>
      textOf(
        inputOf(
          launchOf({ content: contentOf({ risks: [risk] }), contentHash: risk.tripwire?.metric ?? 'none' }),
        ),
      )
    assert.match(of(wired), /Watched declined of EUR 50,000 holds/)
    assert.doesNotMatch(of(wired), /UNWATCHED/)
    assert.match(of(words), /1 of 1 UNWATCHED .*UNWATCHED “somebody looks” is wired to nothing/)
    assert.match(of(none), /UNWATCHED no tripwire/)
  })

  test('stand with the dearest first, and their price is that of the record', () => {
    const { risks, expected_loss: loss, waiting } = figuresOf(runningInput())
    const means = risks.map(({ price }) => price.mean)
    assert.deepEqual(
      means,
      means.toSorted((one, other) => other - one),
    )
    assert.ok(Math.abs(means.reduce((sum, mean) => sum + mean, 0) - loss.mean) <= means.length)
    assert.equal(waiting.risk_per_day, Math.ceil(loss.mean / (waiting.horizon_hours / 24)))
  })
})

test('without a risk there is no price: the page says so, and never that it costs nothing', () => {
  const content = contentOf({ risks: [] })
  const text = textOf(inputOf(launchOf({ content, contentHash: 'none at all', premortem: 'collecting' })))
  assert.match(text, /Loss to expect from its risks Not known/)
  assert.match(text, /Cost of risk, per day Not known/)
  assert.doesNotMatch(text, /EUR 0(?!\.)/)
})

describe('signatures', () => {
  const line = (own: Parameters<typeof signatureOf>[1]): string =>
    textOf(inputOf(launchOf({ signatures: [signatureOf('business', own)] })))

  test('that hold are shown with their name and end', () => {
    assert.match(line({}), /Business Signed Clara Whitfield, 13 Nov 2026 to 13 Dec 2026, entry 41/)
    assert.match(line({}), /Technology NOT SIGNED/)
  })

  test('that expired are shown as expired', () => {
    const text = line({ expiresMicros: NOW })
    assert.match(text, /Business EXPIRED Clara Whitfield, .* expired 22 Nov 2026/)
    assert.doesNotMatch(text, /Business Signed/)
  })

  test('over another content are void', () => {
    assert.match(line({ contentHash: 'f'.repeat(64) }), /Business VOID, the content was changed/)
  })

  test('of a person younger than 24 hours are marked', () => {
    assert.match(line({ isNewPerson: true }), /person younger than 24 h/)
    assert.doesNotMatch(line({}), /younger/)
  })

  test('count as they stood when the launch was started', () => {
    const input = runningInput()
    const later = { ...input, nowMicros: NOW + 40 * 86_400_000_000 }
    assert.match(textOf(later), /Business Signed Clara Whitfield/)
  })
})

describe('waivers', () => {
  test('are shown until they end', () => {
    const input = runningInput()
    assert.match(
      textOf(input),
      /error budget , in force until 27 Nov 2026 by Clara Whitfield and Tomáš Dvořák/,
    )
    const later = { ...input, nowMicros: NOW + 6 * 86_400_000_000 }
    assert.match(textOf(later), /No gate is waived\./)
  })

  test('of one signature are not in force', () => {
    const input = runningInput()
    const waivers = input.launch.waivers.map((waiver) => ({
      ...waiver,
      signatures: waiver.signatures.slice(0, 1),
    }))
    assert.match(textOf({ ...input, launch: { ...input.launch, waivers } }), /not signed by both until/)
  })
})

describe('the story', () => {
  test('tells both ways in money, to the cent', () => {
    const text = textOf(runningInput())
    assert.match(text, /Payments 1,842 14,220/)
    assert.match(text, /Volume 88,729\.14 684,977\.40/)
    assert.match(text, /1,842 payments went the new way, every one of them listed/)
  })

  test('tells what was stopped, when and why, and how many payments were affected', () => {
    const text = textOf(rolledBackInput())
    assert.match(text, /22 Nov Stopped: exposure set to zero by launches\.controller: failure_rate 14\.1 %/)
    assert.match(text, /2,153 payments were affected, .* none of them still in flight/)
    assert.match(text, /Incident opened: Express acquiring/)
    assert.doesNotMatch(text, /all stages done/)
  })

  test('of a draft says that nothing has moved', () => {
    assert.match(textOf(draftInput()), /No payment has gone the new way yet\./)
  })
})

describe('the ask', () => {
  test('says what is wanted of whoever reads', () => {
    assert.match(
      textOf(draftInput()),
      /Sign, for business and technology: send card payments in EUR over sandbox-express, in 3 stages: 5 % → 25 % → 100 %/,
    )
    assert.match(
      textOf(runningInput()),
      /Approve to raise it from 25 % to 100 %\. All other gates are green\. Missing: business and technology\./,
    )
    assert.match(textOf(rolledBackInput()), /reopen it with what was learnt, or abandon it/)
    const idle = runningInput()
    assert.match(
      textOf({ ...idle, launch: { ...idle.launch, waiting: null } }),
      /Nothing yet\. Once every gate is green/,
    )
  })

  test('stands beside headroom and budget as they are', () => {
    assert.match(
      textOf(runningInput()),
      /99 % left : forecast peak 12 payments a second, 1,240 held on 18 Nov 2026/,
    )
    assert.match(textOf(draftInput()), /Never measured here/)
    assert.match(textOf(draftInput()), /No service level is set/)
    assert.match(textOf(rolledBackInput()), /Not enough : forecast peak 12 payments a second, 9 held/)
    assert.match(textOf(rolledBackInput()), /Over budget : no stage advances/)
  })
})
