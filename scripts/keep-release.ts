// Keeps a release for the test that upgrades from it: `npm run release:keep [COMMIT]`, the last commit by default.
//
// What runs of a server goes into server/test/upgrade/last-release.tar.gz, with what it is in last-release.json beside
// it. So the test needs neither git nor the commit. The packages that a release needs are those of the tree that tests it.

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const ROOT = join(import.meta.dirname, '..')
const KEPT = join(ROOT, 'server', 'test', 'upgrade', 'last-release')

const MOST_BYTES = 256 * 1_024 * 1_024

const git = (...args: readonly string[]): Buffer =>
  execFileSync('git', args, { cwd: ROOT, maxBuffer: MOST_BYTES })

const linesOf = (output: Buffer): string[] => output.toString('utf8').trim().split('\n')

/** What a server needs to run, and nothing else. */
const isNeeded = (path: string): boolean =>
  path.endsWith('package.json') || path.endsWith('.sql') || (path.endsWith('.ts') && !isOfTests(path))

const isOfTests = (path: string): boolean => path.endsWith('.test.ts') || path.endsWith('.generate.ts')

const keep = (wanted: string): void => {
  const [commit = ''] = linesOf(git('rev-parse', '--verify', `${wanted}^{commit}`))
  const [committed = '', subject = ''] = linesOf(git('show', '-s', '--format=%cI%n%s', commit))
  const tracked = linesOf(
    git(
      'ls-tree',
      '-r',
      '--name-only',
      commit,
      'package.json',
      'server/package.json',
      'server/src',
      'server/migrations',
    ),
  )
  const paths = tracked.filter(isNeeded)
  const newest = paths.filter((path) => path.endsWith('.sql')).at(-1)
  if (newest === undefined) throw new Error(`The commit ${commit} has no migrations.`)
  const packed = gzipSync(git('archive', '--format=tar', commit, ...paths), { level: 9 })
  const about = {
    commit,
    subject,
    committed,
    newest_migration: Number(/(\d{4})_/.exec(newest)?.[1]),
    files: paths.length,
  }
  writeFileSync(`${KEPT}.tar.gz`, packed)
  writeFileSync(`${KEPT}.json`, `${JSON.stringify(about, null, 2)}\n`)
  const kilobytes = Math.round(packed.length / 1_024)
  process.stdout.write(`Kept ${commit.slice(0, 12)} "${subject}": ${paths.length} files, ${kilobytes} KB.\n`)
}

keep(process.argv[2] ?? 'HEAD')
