import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { readScenarios } from './gherkin.ts'
import { type Details, evaluate, type Flag, launchOf, openStand, type Type } from './stand.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

const flags = JSON.parse(read('test-flags.json')) as Readonly<Record<string, Flag>>
const controls = Object.entries(flags).flatMap(([key, flag], index) => launchOf(key, flag, index) ?? [])
const scenarios = readScenarios(read('evaluation.feature'))

/** What the scenarios ask beyond a provider like ours, and why. */
const NOT_OURS: readonly [RegExp, string][] = [
  [/^Flag metadata/, 'the metadata of a feature says which launch decided, and why'],
  [/^CACHED reason/, 'nothing is cached, so that a stop reaches everybody within a second'],
  [/^Evaluation options with hooks/, 'hooks are the SDK’s own'],
  [/^Evaluation context immutability/, 'the SDK’s own'],
  [/^Provider status accessibility: stale/, 'a provider that remembers nothing is never stale'],
]
const reasonAgainst = (name: string): string | undefined =>
  NOT_OURS.find(([pattern]) => pattern.test(name))?.[1]

const written = (type: Type, text: string) => {
  const plain = text.replaceAll('\\"', '"')
  return type === 'String' ? plain : JSON.parse(plain)
}

let stand: Awaited<ReturnType<typeof openStand>>
before(async () => {
  stand = await openStand(controls)
})
after(() => stand.close())

type Client = NonNullable<Awaited<ReturnType<typeof stand.client>>>

/** One scenario while it is played. */
class Play {
  #client: Client | null = null
  #asked: { type: Type; key: string; fallback: unknown } | null = null
  #context: Record<string, unknown> = {}
  #details: Details | null = null
  readonly #steps: readonly [RegExp, (...found: string[]) => void | Promise<void>][] = [
    [/^an? (.+) provider$/, (state) => this.#use(state ?? '')],
    [
      /^an? (\w+)-flag with key "(.*)" and a fallback value "(.*)"$/,
      (type, key, fallback) => {
        const named = type as Type
        this.#asked = { type: named, key: key ?? '', fallback: written(named, fallback ?? '') }
      },
    ],
    [
      /^a context containing a key "(.*)", with type "(.*)" and with value "(.*)"$/,
      (key, type, value) => {
        this.#context[key ?? ''] = written(type === 'String' ? 'String' : 'Object', value ?? '')
        // Our launches tell apart by the targeting key alone, so that is where the e-mail goes.
        if (key === 'email') this.#context['targetingKey'] = value
      },
    ],
    [
      /^a context containing a key "(.*)" with null value$/,
      (key) => {
        this.#context[key ?? ''] = null
      },
    ],
    [/^the flag was evaluated with details(?: asynchronously)?$/, () => this.#evaluate()],
    [/^the evaluation should complete without blocking$/, () => assert.ok(this.#details)],
    [
      /^the resolved details value should be "(.*)"$/,
      (value) => assert.deepEqual(this.#details?.value, written(this.#asked?.type ?? 'String', value ?? '')),
    ],
    [/^the reason should be "(.*)"$/, (reason) => assert.equal(this.#details?.reason, reason)],
    [/^the error-code should be "(.*)"$/, (code) => assert.equal(this.#details?.errorCode, code)],
    [/^the variant should be "(.*)"$/, (variant) => assert.equal(this.#details?.variant, variant)],
    [/^the flag key should be "(.*)"$/, (key) => assert.equal(this.#details?.flagKey, key)],
    [
      /^the provider status should be "(.*)"$/,
      (status) => assert.equal(this.#client?.providerStatus, status),
    ],
  ]

  constructor(context: Readonly<Record<string, unknown>>) {
    this.#context = { ...context }
  }

  async step(text: string): Promise<void> {
    for (const [pattern, act] of this.#steps) {
      const found = pattern.exec(text)
      if (found !== null) return await act(...found.slice(1))
    }
    assert.fail(`nobody knows the step "${text}"`)
  }

  async #use(state: string): Promise<void> {
    this.#client = await stand.client(state)
  }

  async #evaluate(): Promise<void> {
    assert.ok(this.#client && this.#asked)
    const { type, key, fallback } = this.#asked
    const context = this.#context as Parameters<typeof evaluate>[2]
    this.#details = await evaluate(this.#client, { type, key, fallback: fallback as string }, context)
  }
}

describe('the scenarios of OpenFeature', () => {
  test('are all there, and those that are not ours are few', () => {
    assert.equal(scenarios.length, 82)
    assert.equal(scenarios.filter(({ name }) => reasonAgainst(name) !== undefined).length, 6)
  })

  for (const { name, steps } of scenarios.filter((each) => reasonAgainst(each.name) === undefined)) {
    test(name, async () => {
      // Without a key there is nobody to tell apart: these scenarios are about that.
      const isKeyless = /^(Empty evaluation context|Null context values)/.test(name)
      const play = new Play(isKeyless ? {} : { targetingKey: 'somebody' })
      await play.step('a stable provider')
      for (const step of steps) await play.step(step)
    })
  }
})
