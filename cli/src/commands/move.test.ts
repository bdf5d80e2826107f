import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play } from '../../test/stage.ts'
import type { Door, MoveAsked, ProvenMove } from '../platform.ts'

const URL = 'postgresql://me:secret@db.example:5432/evenkeel'

const moved: ProvenMove = {
  isNew: true,
  to: 'postgresql://me@db.example:5432/evenkeel',
  rows: 32_869,
  holdings: [{ table: 'ledger.transfers', rows: 32_869n, digest: '-12' }],
  advice: [],
  proof: { ok: true, tenants: [], checks: [], rows: 32_000, seconds: 1 },
}

const doorOf = (asked: MoveAsked[], answer: ProvenMove = moved): Partial<Door> => ({
  moveDatabase: async (wanted, onProgress) => {
    asked.push(wanted)
    onProgress({ phase: 'copying', table: 'ledger.transfers', done: 1_048_576, total: 4_194_304, rows: 9 })
    return answer
  },
})

describe('move', () => {
  test('says where the books are now, how much was carried and proven, and what to set', async () => {
    const asked: MoveAsked[] = []
    const { code, answer, said } = await play(`move ${URL}`, { door: doorOf(asked), isTerminal: false })
    assert.equal(code, 0)
    assert.equal(asked[0]?.url, URL)
    assert.equal(asked[0]?.despiteDangers, false)
    assert.match(answer, /^Moved to postgresql:\/\/me@db\.example:5432\/evenkeel\.$/m)
    assert.match(
      answer,
      /^32,869 rows of 1 table, each the same on both sides\. Proven there: 0 checks over/m,
    )
    assert.ok(!`${answer}${said}`.includes('secret'))
  })

  test('shows tables, bytes and rows while it copies', async () => {
    const { said } = await play(`move ${URL}`, { door: doorOf([]), isTerminal: true, tickMs: 1_000 })
    assert.match(said, /25 % {2}ledger\.transfers: 1\.0 MB of 4\.0 MB, 9 rows/)
  })

  test('takes the address from standard input, where no list of processes shows it', async () => {
    const asked: MoveAsked[] = []
    await play('move - --despite-dangers --app-url a --reader-url r', {
      door: doorOf(asked),
      input: `${URL}\n`,
    })
    const { url, appUrl, readerUrl, despiteDangers } = asked[0] ?? ({} as MoveAsked)
    assert.deepEqual([url, appUrl, readerUrl, despiteDangers], [URL, 'a', 'r', true])
  })

  test('says it when nothing was left to do', async () => {
    const answer = { ...moved, isNew: false, holdings: [], rows: 0, proof: null }
    assert.match((await play(`move ${URL}`, { door: doorOf([], answer) })).answer, /are in .* already/)
  })

  test('for programs, digests and the proof', async () => {
    const { answer } = await play(`move ${URL} --json`, { door: doorOf([]) })
    assert.deepEqual(JSON.parse(answer).tables, [{ table: 'ledger.transfers', rows: 32_869, digest: '-12' }])
  })

  test('asks where to, and takes no address along with --give-up', async () => {
    assert.match((await play('move')).said, /Where to\?.*\n {2}fix: Make an empty one/)
    const both = await play(`move ${URL} --give-up`)
    assert.equal(both.code, 2)
    assert.match(both.said, /--give-up goes without an address/)
  })

  test('given up says what lies where', async () => {
    const { answer, said } = await play('move --give-up', { door: { giveMoveUp: async () => moved } })
    assert.match(answer, /this database is as it was/)
    assert.match(said, /still lies in postgresql:\/\/me@db\.example:5432\/evenkeel: drop/)
  })

  test('stopped by Ctrl-C says that it goes on', async () => {
    const interruption = AbortSignal.abort()
    const moveDatabase = () => Promise.reject(new Error('broken off'))
    const { code, said } = await play(`move ${URL}`, { door: { moveDatabase }, interruption })
    assert.equal(code, 130)
    assert.match(said, /Stopped\. What is copied stays copied/)
  })
})
