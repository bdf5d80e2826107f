import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { doorReasons } from '../http/index.ts'
import { FAULT_REASONS } from './fault-reasons.ts'

const SOURCES = new URL('../', import.meta.url).pathname
const THROWN = /new Fault\([\s\S]{0,400}?code: '([a-z_]+)'/g

const thrown = (): Set<string> => {
  const files = globSync('**/*.ts', { cwd: SOURCES }).filter(
    (file) => !/\.test\.ts$|test-door\.ts$|memory-ledger\.ts$/.test(file),
  )
  const texts = files.map((file) => readFileSync(`${SOURCES}${file}`, 'utf8'))
  return new Set(texts.flatMap((text) => [...text.matchAll(THROWN)].map(([, code]) => code ?? '')))
}

test('every fault that is thrown has its line on the page of errors, and every line is thrown', () => {
  const codes = thrown()
  assert.ok(codes.has('queue_full'), 'faults are found in the sources')
  const listed = new Set(Object.keys(FAULT_REASONS))
  const door = new Set(Object.keys(doorReasons))
  assert.deepEqual(
    [...codes].filter((code) => !listed.has(code) && !door.has(code)),
    [],
  )
  assert.deepEqual(
    [...listed].filter((code) => !codes.has(code)),
    [],
  )
})
