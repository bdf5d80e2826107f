import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { play } from '../../test/stage.ts'

const home = mkdtempSync(join(tmpdir(), 'evenkeel-routing-'))
after(() => rmSync(home, { recursive: true }))

const environment = { EVENKEEL_API_KEY: 'sk_test_2abcdXy9z' }

type Sent = { readonly method: string; readonly path: string; readonly body: unknown }

const DUTCH = {
  name: 'Dutch cards',
  currencies: [],
  countries: ['NL'],
  brands: [],
  merchants: [],
  amount_from: null,
  amount_to: null,
  rails: ['sandbox-express', 'sandbox-card'],
}
const LARGE = {
  ...DUTCH,
  name: null,
  countries: [],
  currencies: ['eur'],
  amount_from: 100_000,
  rails: ['sandbox-express'],
}

const server = () => {
  const sent: Sent[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const path = new URL(String(input)).pathname
    const method = init?.method ?? 'GET'
    sent.push({ method, path, body: init?.body === undefined ? null : JSON.parse(String(init.body)) })
    if (path.endsWith('/preview'))
      return Response.json({ rails: DUTCH.rails, rule: { position: 0, name: 'Dutch cards' }, version: 3 })
    const receipt = method === 'POST' ? { receipt: { position: 7, hash: 'ab'.repeat(32) } } : {}
    return Response.json({ version: 3, rules: [DUTCH, LARGE], default_rail: 'sandbox-card', ...receipt })
  }
  return { sent, fetch, environment }
}

const fileOf = (name: string, content: unknown): string => {
  const path = join(home, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('routing', () => {
  test('show draws the rules in their order, and where everything else goes', async () => {
    const { code, answer, said } = await play('routing show', server())
    assert.equal(code, 0)
    assert.equal(
      answer,
      [
        'RULE  CURRENCY  COUNTRY  BRAND  AMOUNT       MERCHANT  TAKES                           NAME',
        '   0  any       NL       any    any          any       sandbox-express → sandbox-card  Dutch cards',
        '   1  eur       any      any    from 100000  any       sandbox-express',
        '      any       any      any    any          any       sandbox-card                    everything else',
        '',
      ].join('\n'),
    )
    assert.match(said, /Version 3\./)
  })

  test('set sends the rules of a file, and gives the receipt', async () => {
    const outside = server()
    const file = fileOf('rules.json', [{ countries: ['NL'], rails: ['sandbox-express'] }])
    const { code, said } = await play(`routing set ${file} --if-version 2 --reason cheaper`, outside)
    assert.equal(code, 0)
    assert.deepEqual(outside.sent, [
      {
        method: 'POST',
        path: '/v1/routing',
        body: {
          rules: [{ countries: ['NL'], rails: ['sandbox-express'] }],
          if_version: 2,
          reason: 'cheaper',
        },
      },
    ])
    assert.match(said, /Version 3: 2 rules\.\nEntry 7 of the audit log, abab/)
  })

  test('set takes back what show prints', async () => {
    const outside = server()
    const { answer } = await play('routing show --json', outside)
    await play(`routing set ${fileOf('shown.json', answer)}`, outside)
    assert.deepEqual(outside.sent.at(-1)?.body, {
      rules: [
        { name: 'Dutch cards', countries: ['NL'], rails: DUTCH.rails },
        { currencies: ['eur'], amount_from: 100_000, rails: ['sandbox-express'] },
      ],
    })
  })

  test('set refuses what holds no rules', async () => {
    for (const content of ['{', '7', '{"rules": 7}'])
      assert.equal((await play(`routing set ${fileOf('wrong.json', content)}`, server())).code, 2, content)
  })

  test('preview says which rails, and by which rule', async () => {
    const outside = server()
    const line = 'routing preview --currency eur --amount 2500 --country NL --brand visa'
    const { code, answer } = await play(line, outside)
    assert.deepEqual([code, answer], [0, 'sandbox-express → sandbox-card: rule 0 (Dutch cards)\n'])
    assert.deepEqual(outside.sent[0]?.body, { currency: 'eur', amount: 2_500, country: 'NL', brand: 'visa' })
    assert.equal((await play(`${line} --amount 2.5`, outside)).code, 2)
  })
})
