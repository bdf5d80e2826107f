import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { agrees, stepsOf } from './page.ts'

const PAGE = `# A page
\`\`\`
npm start
\`\`\`
\`\`\`sh
one
two
\`\`\`
Words between.
\`\`\`json
{ "a": 1 }
\`\`\`
\`\`\`sh
three
\`\`\`
\`\`\`ts
const shown = 'no output'
\`\`\`
`

describe('a page', () => {
  test('has its shell blocks as steps, each with the output that follows it', () => {
    assert.deepEqual(stepsOf(PAGE), [
      { line: 5, commands: 'one\ntwo', shown: '{ "a": 1 }' },
      { line: 13, commands: 'three', shown: null },
    ])
  })

  test('agrees with an output when every line of it is shown or left out on purpose', () => {
    const output = '{\r\n  "id": "la_1",\n  "amount": 5,\n  "code": 1\n}\n'
    for (const shown of [
      '{\n  "id": "la_1",\n  "amount": 5,\n  "code": 1\n}',
      '{\n  "id": "la_…",\n  …\n}',
      '…\n  "amount": 5,\n…',
      '…',
    ])
      assert.ok(agrees(shown, output), shown)
  })

  test('does not agree with an output that differs anywhere', () => {
    const output = '{\n  "id": "la_1",\n  "amount": 5\n}\n'
    for (const shown of [
      '{\n  "id": "la_2",\n  "amount": 5\n}',
      '{\n  "id": "la_1"\n}',
      '…\n  "amount": 5',
      '  "id": "la_1",\n…',
      '{\n  "id": "la_1",\n  "amount": …5…0\n}',
      '',
    ])
      assert.ok(!agrees(shown, output), shown)
  })
})
