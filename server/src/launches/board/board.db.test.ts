import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  type LaunchBooks,
  type LaunchesWorld,
  openLaunches,
  PROPOSAL,
  RISK,
  type Shown,
} from '../../../test/support/launches-world.ts'

let world: LaunchesWorld
let books: LaunchBooks
before(async () => {
  world = await openLaunches()
  books = await world.tenant()
})
after(() => world.close())

const pathOf = (launch: Shown): string => `/v1/launches/${String(launch['id'])}`
const boardOf = (launch: Shown): Promise<Shown> => books.have('program', 'GET', `${pathOf(launch)}/board`)

/** Proposed, thought through by two, and opened. */
const opened = async (): Promise<Shown> => {
  const launch = await books.have('business', 'POST', '/v1/launches', PROPOSAL)
  await books.have('business', 'POST', `${pathOf(launch)}/risks`, RISK)
  const unwatched = { ...RISK, text: 'Nobody answers the phone', probability: 60, tripwire: null }
  await books.have('technology', 'POST', `${pathOf(launch)}/risks`, unwatched)
  return books.have('business', 'POST', `${pathOf(launch)}/premortem/open`)
}

describe('the board page over a database', () => {
  test('hides the risks until the pre-mortem is open, and prices them then', async () => {
    const launch = await books.have('business', 'POST', '/v1/launches', PROPOSAL)
    await books.have('business', 'POST', `${pathOf(launch)}/risks`, RISK)
    const before = await boardOf(launch)
    assert.deepEqual([before['risks'], (before['expected_loss'] as Shown)['mean']], [[], 0])
    const board = await boardOf(await opened())
    assert.equal((board['risks'] as Shown[]).length, 2)
    assert.equal(board['unwatched'], 1)
    assert.ok(Number((board['expected_loss'] as Shown)['mean']) > 0)
    assert.match(String(board['html']), /1 of 2 UNWATCHED/)
  })

  test('carries the hash of the content, and where the audit log stood', async () => {
    const launch = await opened()
    const board = await boardOf(launch)
    assert.equal(board['content_hash'], launch['content_hash'])
    const [entry] = await books.rows(
      'select position, hash from audit.entries where tenant = $1 order by position desc limit 1',
    )
    assert.deepEqual(board['audit'], { position: Number(entry?.['position']), hash: entry?.['hash'] })
    assert.match(String(board['html']), new RegExp(`entry ${entry?.['position']} of the audit log`))
    assert.equal(board['owner_name'], 'business')
  })

  test('shows who signed, and marks whoever is new', async () => {
    const launch = await opened()
    const hash = { content_hash: launch['content_hash'] }
    await books.have('business', 'POST', `${pathOf(launch)}/sign`, hash)
    await books.have('newcomer', 'POST', `${pathOf(launch)}/sign`, hash)
    const board = await boardOf(launch)
    const states = (board['signatures'] as Shown[]).map(({ role, state }) => `${role} ${state}`)
    assert.deepEqual(states, ['business valid', 'technology valid'])
    assert.match(String(board['html']), /person younger than 24 h/)
    await books.pass(31 * 24)
    const later = String((await boardOf(launch))['html'])
    assert.doesNotMatch(later, />Signed</)
  })

  test('tells a running launch’s stages, dates and payments', async () => {
    const launch = await opened()
    const hash = { content_hash: launch['content_hash'] }
    await books.have('business', 'POST', `${pathOf(launch)}/sign`, hash)
    await books.have('technology', 'POST', `${pathOf(launch)}/sign`, hash)
    await books.have('business', 'POST', `${pathOf(launch)}/start`)
    await books.watch(String(launch['id']), { inFlight: 2 })
    const board = await boardOf(launch)
    assert.deepEqual(
      (board['stages'] as Shown[]).map(({ progress }) => progress),
      ['current', 'ahead'],
    )
    const { assumes, p50, p85, from } = board['dates'] as Record<string, number | string>
    assert.equal(assumes, 'it_goes_on')
    assert.ok(Number(p85) >= Number(p50) && Number(p50) > Number(from))
    assert.equal((board['story'] as Shown)['in_flight'], 2)
    assert.equal((board['budget'] as Shown)['state'], 'ok')
  })

  test('of what is not there is not there', async () => {
    const none = `/v1/launches/launch_${'9'.repeat(32)}/board`
    assert.equal((await books.ask('program', 'GET', none)).status, 404)
    assert.equal((await books.ask('program', 'GET', '/v1/launches/launch_x/board')).status, 404)
  })
})
