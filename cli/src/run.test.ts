import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { play } from '../test/stage.ts'

const ESCAPE = '\x1b'
const bold = (text: string): string => `${ESCAPE}[1m${text}`

const COMMANDS = [
  'start',
  'config',
  'doctor',
  'verify',
  'import',
  'bench',
  'keys',
  'sandboxes',
  'get',
  'post',
]
const INNER = ['keys create', 'keys revoke', 'sandboxes create', 'sandboxes delete']

describe('help', () => {
  test('lists every command, and is what comes of no command at all', async () => {
    const bare = await play('')
    assert.equal(bare.code, 0)
    for (const name of COMMANDS) assert.match(bare.answer, new RegExp(`^  ${name} `, 'm'))
    assert.deepEqual(await play('--help'), bare)
    assert.deepEqual(await play('help'), bare)
  })

  test('of each command says what it does, and shows lines to type', async () => {
    for (const name of [...COMMANDS.filter((one) => one !== 'keys' && one !== 'sandboxes'), ...INNER]) {
      const { code, answer, said } = await play(`${name} --help`)
      assert.deepEqual([code, said], [0, ''], name)
      assert.match(answer, new RegExp(`^Usage: evenkeel ${name}`), name)
      assert.match(answer, /^Examples:\n {2}(\S+=\S+ |export \S+=\$\()?evenkeel /m, name)
      for (const line of answer.split('\n')) assert.ok(line.length <= 104, line)
    }
  })

  test('is painted for a terminal, and plain where NO_COLOR or no terminal is', async () => {
    assert.ok((await play('--help', { isTerminal: true })).answer.startsWith(bold('Usage:')))
    for (const stage of [{}, { isTerminal: true, environment: { NO_COLOR: '1' } }])
      assert.ok(!(await play('--help', stage)).answer.includes(ESCAPE))
  })

  test('does not load the server', async () => {
    const { code } = await play('verify --help', {
      door: { openPlatform: () => assert.fail('it was loaded') },
    })
    assert.equal(code, 0)
  })
})

test('the version is an answer', async () => {
  assert.match((await play('--version')).answer, /^\d+\.\d+\.\d+\n$/)
})

describe('a wrong command line', () => {
  const wrong = [
    ['kys', /unknown command 'kys'\n\(Did you mean keys\?\)\n {2}fix: See: evenkeel --help/],
    [
      'verify --tenent x',
      /unknown option '--tenent'\n\(Did you mean --tenant\?\)\n {2}fix: See: evenkeel verify --help/,
    ],
    [
      'import x.csv',
      /required option '--profile <profile>' not specified\n {2}fix: See: evenkeel import --help/,
    ],
    ['keys revoke', /missing required argument 'id'\n {2}fix: See: evenkeel keys revoke --help/],
    ['keys create --live --sandbox x', /option '--live' cannot be used with option '--sandbox <name>'/],
    ['verify extra', /too many arguments/],
    ['keys', /^Usage: evenkeel keys/],
  ] as const

  for (const [line, message] of wrong)
    test(`"${line}" ends with 2 and says what is right`, async () => {
      const { code, answer, said } = await play(line)
      assert.deepEqual([code, answer], [2, ''])
      assert.match(said, message)
    })
})

describe('what goes wrong', () => {
  const fail = (error: unknown) => ({
    door: {
      openPlatform: async () => {
        throw error
      },
    },
  })

  test('with the set-up is told as what is wrong and how to mend it', async () => {
    const problem = Object.assign(new Error('PORT=x is not a whole number\nHOST is odd'), {
      name: 'SetupProblem',
      fix: 'Write a number.',
    })
    const { code, said } = await play('doctor', fail(problem))
    assert.equal(code, 2)
    assert.equal(said, 'error: PORT=x is not a whole number\n  HOST is odd\n  fix: Write a number.\n')
  })

  test('by a mistake of ours shows no stack, unless it is asked for', async () => {
    const bug = new TypeError('x is not a function')
    const { code, said } = await play('doctor', fail(bug))
    assert.equal(code, 2)
    assert.match(said, /should not: x is not a function\n {2}fix: Run it again with EVENKEEL_DEBUG=1/)
    assert.doesNotMatch(said, /^ +at /m)
    assert.match(
      (await play('doctor', { ...fail(bug), environment: { EVENKEEL_DEBUG: '1' } })).said,
      /\n {4}at /,
    )
  })
})

test('the platform is closed however a command ends', async () => {
  let closed = 0
  const close = async () => {
    closed += 1
  }
  await play('doctor', { platform: { close, doctor: async () => [] } })
  await play('doctor', { platform: { close, doctor: () => Promise.reject(new Error('away')) } })
  assert.equal(closed, 2)
})

test('Ctrl-C ends the work at once, closes the platform and ends with 130', async () => {
  let closed = 0
  const close = async () => {
    closed += 1
  }
  const stage = { platform: { close, doctor: () => new Promise<never>(() => undefined) } }
  const played = await play('doctor', { ...stage, interruption: AbortSignal.abort() })
  assert.deepEqual([played.code, played.said, closed], [130, 'Stopped.\n', 1])
})
