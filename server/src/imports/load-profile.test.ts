import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadProfile } from './load-profile.ts'
import berka from './profiles/berka.json' with { type: 'json' }

const folder = await mkdtemp(join(tmpdir(), 'profiles-'))
after(() => rm(folder, { recursive: true }))

const messageOf = async (text: string): Promise<string> => {
  const path = join(folder, 'profile.json')
  await writeFile(path, text)
  const loaded = await loadProfile(path)
  return loaded.ok ? '' : loaded.message
}

test('a profile is loaded by its built-in name or from a file', async () => {
  assert.equal((await loadProfile('berka')).ok, true)
  assert.equal(await messageOf(JSON.stringify({ ...berka, name: 'mine' })), '')
})

test('a profile that cannot be loaded says why, key by key', async () => {
  const none = await loadProfile('nowhere.json')
  assert.match(none.ok ? '' : none.message, /there is no profile "nowhere\.json".*one of berka/)
  assert.match(await messageOf('{ "name": '), /is not JSON/)
  assert.match(await messageOf(' '.repeat(1024 * 1024 + 1)), /larger than/)
  assert.match(await messageOf('[]'), /\n {2}the profile must be an object/)
  assert.match(
    await messageOf(JSON.stringify({ ...berka, currency: 'EURO', colour: 1 })),
    /cannot be used:\n {2}colour is not known here.*\n {2}currency "EURO" is not a currency code/,
  )
})
