import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { newUuid } from '../../kit/index.ts'
import type { Anchor } from './anchor.ts'
import { type ChainHead, chain, hashOf, NO_HASH, NO_HEAD } from './entry.ts'
import type { Act } from './model.ts'
import { checkChain, type StoredEntry } from './verify-chain.ts'

const actOf = (number: number): Act => ({
  actor: { kind: 'person', id: `person_${number % 3}`, name: 'Ada', role: 'business' },
  action: ['launch.signed', 'launch.started', 'key.created'][number % 3] ?? '',
  subject: `launch_${number % 7}`,
  reason: number % 2 === 0 ? null : `because of ${number}`,
  before: null,
  after: { number, text: 'a "quoted" ü' },
})

type Chain = { readonly entries: readonly StoredEntry[]; readonly head: ChainHead }

const chainOf = (length: number): Chain => {
  let head = NO_HEAD
  const entries: StoredEntry[] = []
  for (let number = 1; number <= length; number++) {
    const createdMicros = 1_700_000_000_000_000n + BigInt(number)
    const made = { id: newUuid(number), createdMicros, recordedMs: 1_700_000_000_000 + number }
    const { entry, content } = chain(head, actOf(number), made)
    const { position, id, action, subject, previousHash, hash } = entry
    entries.push({ position, id, createdMicros, action, subject, previousHash, hash, content })
    head = { position, hash }
  }
  return { entries, head }
}

const anchorOf = ({ position, hash }: StoredEntry): Anchor => ({
  tenant: 1,
  position,
  hash,
  time: 1_700_000_000,
  key: 'key',
  signature: '',
})

const LENGTH = 60
const whole = chainOf(LENGTH)
const last = (): StoredEntry => {
  const entry = whole.entries.at(-1)
  assert.ok(entry !== undefined)
  return entry
}

/** What whoever owns the database can do to make a rewritten chain hold together again. */
const rechained = (entries: readonly StoredEntry[]): Chain => {
  let head = NO_HEAD
  const again = entries.map((entry, index) => {
    const position = index + 1
    // Still canonical: the members stand in their order, as position was one of them.
    const content = JSON.stringify({ ...JSON.parse(entry.content), position })
    const hash = hashOf(head.hash, content)
    const next = { ...entry, position, content, previousHash: head.hash, hash }
    head = { position, hash }
    return next
  })
  return { entries: again, head }
}

type Tamper = { readonly name: string; readonly chain: Chain }

const changed = (entry: StoredEntry, with_: string): StoredEntry => ({
  ...entry,
  content: entry.content.replace('"text":"a', `"text":"${with_}`),
})

/** Every way to edit, truncate or fork at a place, plain or chained anew from there on. */
const tampersAt = (at: number, other: number, letter: string): readonly Tamper[] => {
  const { entries, head } = whole
  const [one, two] = [entries[at], entries[other]]
  assert.ok(one !== undefined && two !== undefined)
  const edited = entries.with(at, changed(one, letter))
  const column = entries.with(at, { ...one, subject: 'launch_x' })
  const without = entries.toSpliced(at, 1)
  const twice = entries.toSpliced(at, 0, two)
  const swapped = entries.with(at, two).with(other, one)
  const cut = entries.slice(0, at)
  const cutHead = cut.at(-1) ?? NO_HEAD
  // Another story from here on, as long as the first or longer.
  const fork = [...cut, ...entries.slice(at).map((entry) => changed(entry, letter))]
  return [
    { name: 'content edited', chain: { entries: edited, head } },
    { name: 'content edited and all chained anew', chain: rechained(edited) },
    { name: 'column edited', chain: { entries: column, head } },
    { name: 'time edited', chain: { entries: entries.with(at, { ...one, createdMicros: 1n }), head } },
    { name: 'hash edited', chain: { entries: entries.with(at, { ...one, hash: NO_HASH }), head } },
    { name: 'entry removed', chain: { entries: without, head } },
    { name: 'entry removed and all chained anew', chain: rechained(without) },
    { name: 'entry put between', chain: { entries: twice, head } },
    { name: 'cut off', chain: { entries: cut, head } },
    { name: 'cut off with its head', chain: { entries: cut, head: cutHead } },
    { name: 'forked', chain: rechained(fork) },
    { name: 'forked and longer', chain: rechained([...fork, ...fork.slice(0, 5)]) },
    // The last entry once more is one that was added, and no other past.
    ...(at === other
      ? []
      : [
          { name: 'entry put between and all chained anew', chain: rechained(twice) },
          { name: 'swapped', chain: { entries: swapped, head } },
          { name: 'swapped and all chained anew', chain: rechained(swapped) },
        ]),
  ]
}

const RUNS = 100

describe('the check of a chain', () => {
  test('finds nothing wrong with what was recorded, and counts what nobody signed yet', () => {
    const signed = whole.entries.filter((_, index) => [9, 39].includes(index)).map(anchorOf)
    const report = checkChain(whole.entries, whole.head, signed)
    assert.deepEqual(report, { entries: LENGTH, bad: null, anchoredTo: 40, unanchored: LENGTH - 40, lost: 0 })
    const none = checkChain([], NO_HEAD, [])
    assert.deepEqual(none, { entries: 0, bad: null, anchoredTo: 0, unanchored: 0, lost: 0 })
  })

  test('finds every edit, truncation and fork up to the last head, whoever made it: 1,000 and more', () => {
    let tried = 0
    const index = fc.nat({ max: LENGTH - 1 })
    const letter = fc.constantFrom(...'bcdefgh')
    // Heads that were signed at some places, and the last entry's among them.
    const places = fc.uniqueArray(index, { maxLength: 5 })
    fc.assert(
      fc.property(index, index, letter, places, (at, other, with_, signed) => {
        const anchors = [...signed.map((place) => whole.entries[place]), last()]
          .filter((entry) => entry !== undefined)
          .map(anchorOf)
        for (const { name, chain: tampered } of tampersAt(at, other, with_)) {
          tried += 1
          const { bad } = checkChain(tampered.entries, tampered.head, anchors)
          assert.ok(bad !== null, `${name} at position ${at + 1} was not noticed`)
          const nextSigned = Math.min(...anchors.map(({ position }) => position).filter((one) => one > at))
          const first = Math.min(at, other) + 1
          assert.ok(
            bad.position >= first || bad.position === tampered.entries.length,
            `${name}: ${bad.position}`,
          )
          if (!name.includes('anew') && !name.includes('fork') && !name.includes('swapped'))
            assert.ok(bad.position <= nextSigned + 1, `${name} at ${at + 1}: ${bad.position}, ${bad.what}`)
        }
      }),
      { numRuns: RUNS },
    )
    assert.ok(tried >= 1_000)
  })

  test('says which entry is the first bad one, and what is wrong with it', () => {
    const { entries, head } = whole
    const five = entries[4]
    assert.ok(five !== undefined)
    const ask = (chained: Chain, anchors: readonly Anchor[] = []) =>
      checkChain(chained.entries, chained.head, anchors).bad
    const edited = entries.with(4, changed(five, 'x'))
    assert.deepEqual(ask({ entries: edited, head }), {
      position: 5,
      what: 'its hash is not that of its content',
    })
    assert.deepEqual(ask({ entries: entries.toSpliced(4, 1), head }), {
      position: 5,
      what: 'it is missing: the next that stands is position 6',
    })
    assert.deepEqual(ask({ entries: entries.toSpliced(4, 0, five), head })?.what, 'it stands twice')
    const ended = { entries: entries.slice(0, 4), head: entries[3] ?? NO_HEAD }
    assert.match(
      ask(ended, [anchorOf(five)])?.what ?? '',
      /up to position 5 were signed: the end .* was cut off/,
    )
    const rewritten = ask(
      rechained(edited),
      [2, 9].map((at) => anchorOf(entries[at] ?? five)),
    )
    assert.equal(rewritten?.position, 10)
    assert.match(
      rewritten?.what ?? '',
      /not the entry that was signed: the chain was rewritten after position 3$/,
    )
  })

  test('without what was signed cannot know a chain that was rewritten as a whole: that is what heads are for', () => {
    const five = whole.entries[4]
    assert.ok(five !== undefined)
    const rewritten = rechained(whole.entries.with(4, changed(five, 'x')))
    assert.equal(checkChain(rewritten.entries, rewritten.head, []).bad, null)
  })
})
