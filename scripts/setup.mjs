// Installs the locked packages when they are missing or stale; every npm script runs this first.
//
// Plain JavaScript without dependencies, because it runs before anything is installed and on whatever
// Node npm itself runs on (20 or newer). Node 24 comes as one of the packages, and npm puts it at the
// front of PATH for the script that follows.
//
// A stamp in node_modules says what is installed. While it agrees with package-lock.json nothing here
// touches the network, so everything works offline after the first installation.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { holdAlso, withLock } from './lock.mjs'

const NODE_MAJOR = 24
const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMP = join(ROOT, 'node_modules', '.evenkeel-stamp')
const LOCK = join(ROOT, '.setup-lock')

/** What has to be installed: the locked versions, for this kind of machine. */
const wantedStamp = () => {
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'))
  const digest = createHash('sha256').update(lockfile).digest('hex')
  return `${digest} ${process.platform}-${process.arch}\n`
}

const isInstalled = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wantedStamp()

const writeStamp = () => writeFileSync(STAMP, wantedStamp())

/** npm keeps its cache under HOME. Where that cannot be written (a service account), it gets a passing one. */
const passingCache = () => {
  const usual = process.env['npm_config_cache'] || join(homedir(), '.npm')
  return isWritable(usual) ? null : mkdtempSync(join(tmpdir(), 'evenkeel-npm-'))
}

/** @param {string} folder */
const isWritable = (folder) => {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** The npm that runs us, else the one on PATH. */
const npmCommand = () => {
  const script = process.env['npm_execpath']
  return script?.endsWith('npm-cli.js')
    ? { file: process.execPath, first: [script] }
    : { file: 'npm', first: [] }
}

const npmCi = async () => {
  // Without the stamp an interrupted installation is seen as one.
  rmSync(STAMP, { force: true })
  const { file, first } = npmCommand()
  const cache = passingCache()
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false']
  if (cache !== null) options.push('--cache', cache)
  const child = spawn(file, [...first, 'ci', ...options], {
    cwd: ROOT,
    // Standard output belongs to the command that follows (`keys create --json`), so npm speaks on the other.
    stdio: ['ignore', 2, 2],
    // A NODE_ENV of production would leave out what the checks need.
    env: { ...process.env, NODE_ENV: 'development', npm_config_omit: '' },
  })
  if (child.pid !== undefined) holdAlso(LOCK, child.pid)
  // Stopped half-way, npm must not go on alone: the next one would work on the same folder.
  const stop = () => child.kill()
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (status, signal) => resolve(signal ?? status))
  })
  process.off('SIGTERM', stop)
  process.off('SIGHUP', stop)
  if (cache !== null) rmSync(cache, { recursive: true, force: true })
  if (code !== 0) throw new Error(`npm ci ended with ${code}; its own message stands above.`)
  writeStamp()
}

/** @param {string} version */
const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0])

/** The Node that runs the TypeScript: the installed package, else one of this machine that is new enough. */
const findNode = () => {
  const installed = join(ROOT, 'node_modules', '.bin', 'node')
  if (existsSync(installed)) return realpathSync(installed)
  if (majorOf(process.version) >= NODE_MAJOR) return process.execPath
  const system = spawnSync('node', ['--version'], { encoding: 'utf8' })
  if (system.status === 0 && majorOf(system.stdout) >= NODE_MAJOR) return 'node'
  throw new Error(
    `Evenkeel runs on Node ${NODE_MAJOR} or newer. No package brings one for ${process.platform}-${process.arch}, ` +
      `and this machine has ${process.version}. Install Node ${NODE_MAJOR} and try again.`,
  )
}

/** Makes sure that the locked packages are installed, and returns the Node to run them with. */
export const setUp = async () => {
  if (!isInstalled()) {
    await withLock(LOCK, async () => {
      if (isInstalled()) return // Somebody else did it while we waited.
      const start = Date.now()
      process.stderr.write('Installing the locked packages, once …\n')
      await npmCi()
      process.stderr.write(`Installed in ${((Date.now() - start) / 1000).toFixed(0)} s.\n`)
    })
  }
  return findNode()
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    // After `npm install` by hand the packages are there already, in the selection that was asked for.
    if (process.argv[2] === '--installed') writeStamp()
    else await setUp()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
