import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Anchor, type KeyLine, keyIdOf, signedText, type Unsigned } from './anchor.ts'
import { type IsSignedBy, trustedAnchors } from './trust.ts'

/** Signatures that anybody can read: whose, and of what. */
const signed = (publicKey: string, text: string): string => `${publicKey} signs ${text}`
const isSignedBy: IsSignedBy = (publicKey, text, signature) => signature === signed(publicKey, text)

const [FIRST, SECOND, THIRD, STRANGER] = ['Zmlyc3Q=', 'c2Vjb25k', 'dGhpcmQ=', 'c3RyYW5nZXI=']

const announce = (publicKey: string, previous: string | null, isThere = true): KeyLine => {
  const line: Unsigned<KeyLine> = { public_key: publicKey, previous, time: 1, key: keyIdOf(publicKey) }
  const text = signedText(line)
  return {
    ...line,
    previous_signature: previous !== null && isThere ? signed(previous, text) : null,
    signature: signed(publicKey, text),
  }
}

const anchor = (publicKey: string, position: number): Anchor => {
  const line: Unsigned<Anchor> = {
    tenant: 1,
    position,
    hash: 'a'.repeat(64),
    time: 1,
    key: keyIdOf(publicKey),
  }
  return { ...line, signature: signed(publicKey, signedText(line)) }
}

const believed = (lines: Parameters<typeof trustedAnchors>[0], known: readonly string[] = []): number[] =>
  trustedAnchors(lines, known, isSignedBy).anchors.map(({ position }) => position)

test('a head counts only under a signature of its own, by a key that is believed', () => {
  const good = anchor(FIRST, 1)
  const lines = [announce(FIRST, null), good, { ...good, position: 2 }, anchor(STRANGER, 3)]
  const { anchors, wrong, keys } = trustedAnchors(lines, [], isSignedBy)
  assert.deepEqual(anchors, [good])
  assert.deepEqual(keys, [keyIdOf(FIRST)])
  assert.match(
    wrong.join('\n'),
    /position 2 has a signature that is not its own\n.*position 3 .*nobody vouches for/,
  )
})

test('a new key is believed by those who know the old one, if that has signed it, and the other way round', () => {
  const lines = [
    announce(FIRST, null),
    anchor(FIRST, 1),
    announce(SECOND, FIRST),
    anchor(SECOND, 2),
    announce(THIRD, SECOND, false),
    anchor(THIRD, 3),
  ]
  assert.deepEqual(believed(lines, [FIRST]), [1, 2], 'the third key was made when the second was lost')
  assert.deepEqual(believed(lines, [THIRD]), [1, 2, 3])
  assert.deepEqual(believed(lines, [SECOND]), [1, 2])
})

test('a stranger who writes to the file is not believed, whatever key he names before his own', () => {
  const lines = [
    announce(FIRST, null),
    anchor(FIRST, 1),
    announce(STRANGER, FIRST, false),
    anchor(STRANGER, 2),
  ]
  assert.deepEqual(believed(lines, [FIRST]), [1])
  assert.deepEqual(believed(lines), [1])
})

test('an announcement that its own key has not signed vouches for nobody', () => {
  const forged = { ...announce(SECOND, FIRST), signature: 'forged' }
  assert.deepEqual(believed([announce(FIRST, null), forged, anchor(SECOND, 2)], [FIRST]), [])
})
