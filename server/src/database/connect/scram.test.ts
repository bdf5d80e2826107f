import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scramVerifier } from './scram.ts'

test('the verifier is that of the example in RFC 7677', () => {
  // Salt, password and the server's signature stand in the RFC; the two keys follow from them.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  assert.equal(
    scramVerifier('pencil', salt),
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  )
})

test('two verifiers of one password differ', () => {
  assert.notEqual(scramVerifier('pencil'), scramVerifier('pencil'))
})
