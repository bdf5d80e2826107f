import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ArgumentProblem, parseArguments } from './arguments.ts'

test('Without arguments it is the default run of everything.', () => {
  const { run, only, isQuick, json } = parseArguments([])
  assert.deepEqual(
    { run, only, isQuick, json },
    { run: 'standard', only: null, isQuick: false, json: undefined },
  )
})

test('The long run and the profile are asked for by name.', () => {
  assert.equal(parseArguments(['growth', '--json', 'out.json']).run, 'growth')
  assert.equal(parseArguments(['--quick', 'profile']).run, 'profile')
})

test('What there is not is refused by its name.', () => {
  const refused: readonly (readonly [words: string[], message: RegExp])[] = [
    [['fast'], /no run "fast"/],
    [['growth', 'profile'], /no run "growth profile"/],
    [['--only', 'batch_uniform,batch_cold'], /no benchmark "batch_cold"/],
    [['--jsn', 'x'], /--jsn/],
  ]
  for (const [words, message] of refused)
    assert.throws(
      () => parseArguments(words),
      (error) => error instanceof ArgumentProblem && message.test(error.message),
    )
})
