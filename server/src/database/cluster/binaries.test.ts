import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { prepareBinaries } from './binaries.ts'
import { type Account, canEnter, makeFolder } from './folders.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-binaries-'))
chmodSync(folder, 0o755)
after(() => rmSync(folder, { recursive: true, force: true }))

const somebody: Account = { name: 'somebody', uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0

/** A package as npm unpacks it: without the links that its libraries need. */
const fakePackage = (name: string, mode: number): string => {
  const root = join(folder, name)
  mkdirSync(join(root, 'native', 'bin'), { recursive: true })
  mkdirSync(join(root, 'native', 'lib'), { recursive: true })
  writeFileSync(join(root, 'package.json'), JSON.stringify({ version: '18.0.0' }))
  writeFileSync(join(root, 'native', 'bin', 'postgres'), 'program', { mode: 0o755 })
  writeFileSync(join(root, 'native', 'lib', 'libx.so.1.2'), 'library')
  writeFileSync(join(root, 'native', 'lib', 'libx.a'), 'only for linking')
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }]
  writeFileSync(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(links))
  chmodSync(root, mode)
  return root
}

test('the missing links are set where the package lies', () => {
  const root = fakePackage('open', 0o755)
  for (const _ of ['first start', 'second start']) {
    const { postgres } = prepareBinaries(join(folder, 'cache-of-open'), null, root)
    assert.equal(postgres, join(root, 'native', 'bin', 'postgres'))
    assert.equal(readlinkSync(join(root, 'native', 'lib', 'libx.so.1')), 'libx.so.1.2')
  }
  assert.equal(existsSync(join(folder, 'cache-of-open')), false)
})

test('what the account cannot reach is copied, without what is not needed to run', { skip: !isRoot }, () => {
  const root = fakePackage('closed', 0o700)
  // A start as root in between has set the links there.
  symlinkSync('libx.so.1.2', join(root, 'native', 'lib', 'libx.so.1'))
  const cache = join(folder, 'cache-of-closed')
  for (const _ of ['first start', 'second start']) {
    const { postgres } = prepareBinaries(cache, somebody, root)
    assert.equal(postgres, join(cache, '18.0.0', 'native', 'bin', 'postgres'))
    assert.equal(readFileSync(join(cache, '18.0.0', 'native', 'lib', 'libx.so.1'), 'utf8'), 'library')
  }
  assert.equal(existsSync(join(cache, '18.0.0', 'native', 'lib', 'libx.a')), false)
  assert.equal(statSync(join(cache, '18.0.0', 'native', 'bin', 'postgres')).uid, somebody.uid)
  assert.equal(readlinkSync(join(cache, '18.0.0', 'native', 'lib', 'libx.so.1')), 'libx.so.1.2')
})

test('a folder is open to somebody only when all above it are', () => {
  const inner = join(folder, 'home', 'inner')
  makeFolder(inner, 0o755)
  assert.equal(canEnter(inner, somebody), true)
  chmodSync(join(folder, 'home'), 0o700)
  assert.equal(canEnter(inner, somebody), false)
})

test('a new folder has the mode it was asked for, whatever the umask says', () => {
  const before = process.umask(0o077)
  try {
    makeFolder(join(folder, 'umask', 'inner'), 0o711)
  } finally {
    process.umask(before)
  }
  for (const path of ['umask', 'umask/inner']) assert.equal(statSync(join(folder, path)).mode & 0o777, 0o711)
})
