import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { listVectors } from '../vectors/folder.ts'
import { parseVector } from '../vectors/format.ts'
import { replayVector } from '../vectors/replay.ts'
import { openModel } from './subject.ts'

const FOLDER = join(import.meta.dirname, '../vectors')

test('there are the 60 histories that were recorded', async () => {
  assert.equal((await listVectors(FOLDER)).length, 60)
})

for (const file of await listVectors(FOLDER)) {
  test(`the model answers as TigerBeetle did in ${file}`, async () => {
    const vector = parseVector(await readFile(join(FOLDER, file), 'utf8'))
    assert.deepEqual(await replayVector(vector, openModel()), [])
  })
}
