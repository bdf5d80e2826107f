import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import type { SetupProblem } from '../kit/index.ts'
import { generated } from './configuration.generate.ts'
import { loadConfiguration, parseConfiguration } from './configuration.ts'
import { SETTING_NAMES, SETTINGS } from './configuration-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-env-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const problemOf = (work: () => unknown): SetupProblem => {
  try {
    work()
  } catch (error) {
    assert.equal((error as Error).name, 'SetupProblem')
    return error as SetupProblem
  }
  assert.fail('nothing was refused')
}

test('with nothing set everything has its default', () => {
  assert.deepEqual(parseConfiguration({}), {
    port: 8484,
    host: '127.0.0.1',
    tlsInFront: false,
    dataDir: resolve('.evenkeel'),
    databaseUrl: undefined,
    databaseAppUrl: undefined,
    databaseReaderUrl: undefined,
    masterKey: undefined,
    auditAnchorDir: undefined,
    logLevel: 'info',
    logFormat: 'auto',
    metricsKey: undefined,
    webhookAllowPrivate: false,
    processingFeeBps: 290,
    processingFeeFixed: 30,
    disputeFee: 1_500,
    settlementDelayDays: 2,
    drainSeconds: 0,
    backupWarnHours: 26,
    allowUnsafeDatabase: false,
  })
})

test('each setting is read', () => {
  const url = 'postgresql://a:b@c:5432/d'
  const key = Buffer.alloc(32, 1).toString('base64')
  const read = parseConfiguration({
    PORT: '0',
    HOST: '0.0.0.0',
    TLS_IN_FRONT: 'true',
    DATA_DIR: '/data',
    DATABASE_URL: url,
    DATABASE_APP_URL: url,
    DATABASE_READER_URL: url,
    MASTER_KEY: key,
    AUDIT_ANCHOR_DIR: '/evidence',
    LOG_LEVEL: 'debug',
    LOG_FORMAT: 'json',
    METRICS_KEY: '0123456789abcdef',
    WEBHOOK_ALLOW_PRIVATE: 'true',
    PROCESSING_FEE_BPS: '150',
    PROCESSING_FEE_FIXED: '0',
    DISPUTE_FEE: '2000',
    SETTLEMENT_DELAY_DAYS: '7',
    DRAIN_SECONDS: '15',
    BACKUP_WARN_HOURS: '30',
    EVENKEEL_TEST_UNSAFE_DATABASE: '1',
  })
  assert.deepEqual(read, {
    port: 0,
    host: '0.0.0.0',
    tlsInFront: true,
    dataDir: '/data',
    databaseUrl: url,
    databaseAppUrl: url,
    databaseReaderUrl: url,
    masterKey: key,
    auditAnchorDir: '/evidence',
    logLevel: 'debug',
    logFormat: 'json',
    metricsKey: '0123456789abcdef',
    webhookAllowPrivate: true,
    processingFeeBps: 150,
    processingFeeFixed: 0,
    disputeFee: 2_000,
    settlementDelayDays: 7,
    drainSeconds: 15,
    backupWarnHours: 30,
    allowUnsafeDatabase: true,
  })
})

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['PORT', '70000', /from 0 to 65535/],
  ['PORT', 'http', /from 0 to 65535/],
  ['PORT', '-1', /from 0 to 65535/],
  ['PORT', '80.5', /from 0 to 65535/],
  ['HOST', 'http://x', /without a port/],
  ['HOST', '127.0.0.1:80', /without a port/],
  ['TLS_IN_FRONT', 'yes', /true or false/],
  ['DATA_DIR', 'a\0b', /path of a folder/],
  ['DATABASE_URL', 'mysql://x', /postgresql:\/\//],
  ['MASTER_KEY', 'secret', /node -p/],
  ['LOG_LEVEL', 'loud', /fatal, error, warn/],
  ['LOG_FORMAT', 'xml', /auto, json, pretty/],
  ['METRICS_KEY', 'abc 123', /16 characters/],
  ['WEBHOOK_ALLOW_PRIVATE', 'yes', /true or false/],
  ['EVENKEEL_TEST_UNSAFE_DATABASE', 'true', /0, 1/],
]

test('each bad value is refused with its name and its fix', () => {
  for (const [name, value, fix] of BAD) {
    const problem = problemOf(() => parseConfiguration({ [name]: value }))
    assert.match(problem.message, new RegExp(`^${name}`), name)
    assert.match(problem.fix, fix, name)
  }
})

test('a secret that is wrong is not repeated', () => {
  for (const [name, value] of BAD) {
    if (!Object.entries(SETTINGS).some(([known, { secret }]) => known === name && secret)) continue
    const problem = problemOf(() => parseConfiguration({ [name]: value }))
    assert.equal((problem.message + problem.fix).includes(value), false, name)
  }
})

test('all that is wrong is said at once', () => {
  const { message, fix } = problemOf(() =>
    parseConfiguration({ PORT: 'x', LOG_LEVEL: 'y', EVENKEEL_PORT: '1' }),
  )
  assert.equal(
    message,
    'PORT=x is not a whole number in range\nLOG_LEVEL=y is not a known word\nEVENKEEL_PORT is not a setting of Evenkeel',
  )
  assert.equal(fix.split('\n').length, 3)
})

test('an address that others reach needs TLS in front; this machine’s own do not', () => {
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'pay.example.com'])
    assert.match(problemOf(() => parseConfiguration({ HOST: host })).fix, /TLS_IN_FRONT=true/)
  for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
    assert.equal(parseConfiguration({ HOST: host }).host, host)
})

test('the roles’ URLs do not stand alone', () => {
  assert.match(
    problemOf(() => parseConfiguration({ DATABASE_APP_URL: 'postgres://a/b' })).message,
    /without DATABASE_URL/,
  )
})

test('unknown names are refused with the likely one: ours in the environment, all in the file', () => {
  assert.match(
    problemOf(() => parseConfiguration({}, { DATABASE_ULR: 'x' })).fix,
    /Did you mean DATABASE_URL\?/,
  )
  assert.match(
    problemOf(() => parseConfiguration({}, { COMPOSE_PROJECT: 'x' })).message,
    /COMPOSE_PROJECT in \.env/,
  )
  assert.match(problemOf(() => parseConfiguration({ EVENKEEL_DATA: 'x' })).message, /EVENKEEL_DATA is not/)
  parseConfiguration({
    PATH: '/bin',
    DATABASE_ULR: 'not ours',
    EVENKEEL_TEST_SIZE: 'ci',
    EVENKEEL_API_KEY: 'sk',
  })
})

test('the file .env is read, the environment goes before it, and an empty value is none', () => {
  writeFileSync(join(folder, '.env'), '# our settings\nPORT=1000\nLOG_LEVEL="debug"\nMETRICS_KEY=\n')
  const read = loadConfiguration({ PORT: '2000', LOG_LEVEL: '' }, folder)
  assert.deepEqual([read.port, read.logLevel, read.metricsKey], [2000, 'debug', undefined])
  assert.equal(loadConfiguration({}, join(folder, 'nowhere')).port, 8484)
})

test('the page shows every setting', () => {
  const page = generated[0]?.content() ?? ''
  for (const name of SETTING_NAMES) assert.match(page, new RegExp(`^\\| \`${name}\` \\|`, 'm'))
})
