import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { SetupProblem } from '../kit/index.ts'
import { type Parsed, SETTING_NAMES, SETTINGS, type SettingName } from './configuration-table.ts'

type Value<Name extends SettingName> =
  ReturnType<(typeof SETTINGS)[Name]['parse']> extends Parsed<infer Of> ? Of : never

/** Everything that can be set from outside, parsed once when the process starts. */
export type Configuration = {
  readonly port: Value<'PORT'>
  readonly host: Value<'HOST'>
  readonly tlsInFront: Value<'TLS_IN_FRONT'>
  readonly dataDir: Value<'DATA_DIR'>
  readonly databaseUrl: Value<'DATABASE_URL'>
  readonly databaseAppUrl: Value<'DATABASE_APP_URL'>
  readonly databaseReaderUrl: Value<'DATABASE_READER_URL'>
  readonly masterKey: Value<'MASTER_KEY'>
  readonly auditAnchorDir: Value<'AUDIT_ANCHOR_DIR'>
  readonly logLevel: Value<'LOG_LEVEL'>
  readonly logFormat: Value<'LOG_FORMAT'>
  readonly processingFeeBps: Value<'PROCESSING_FEE_BPS'>
  readonly processingFeeFixed: Value<'PROCESSING_FEE_FIXED'>
  readonly disputeFee: Value<'DISPUTE_FEE'>
  readonly settlementDelayDays: Value<'SETTLEMENT_DELAY_DAYS'>
  readonly metricsKey: Value<'METRICS_KEY'>
  readonly webhookAllowPrivate: Value<'WEBHOOK_ALLOW_PRIVATE'>
  readonly drainSeconds: Value<'DRAIN_SECONDS'>
  readonly backupWarnHours: Value<'BACKUP_WARN_HOURS'>
  readonly allowUnsafeDatabase: boolean
}

type Texts = Readonly<Record<string, string | undefined>>

type Wrong = { readonly name: string; readonly wrong: string; readonly fix: string }

const OURS = 'EVENKEEL_'

/** Test runners say more to themselves than the server needs to know. */
const OF_TESTS = 'EVENKEEL_TEST_'

/** What the command line reads: whoever has exported it for that may start a server in the same shell. */
const OF_COMMANDS: readonly string[] = ['EVENKEEL_API_KEY', 'EVENKEEL_URL', 'EVENKEEL_DEBUG']

const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name)

/** How many single-letter changes lead from one word to the other. */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same))
    }
    row = next
  }
  return row[other.length] ?? 0
}

const GUESS_WITHIN = 3

const guess = (name: string): string => {
  const [best] = SETTING_NAMES.map((known) => ({ known, far: distance(name, known) })).toSorted(
    (a, b) => a.far - b.far,
  )
  return best !== undefined && best.far <= GUESS_WITHIN
    ? `Did you mean ${best.known}?`
    : `Remove it. The settings are: ${SETTING_NAMES.join(', ')}.`
}

/** In the environment only our own prefix tells that somebody means us; in the file every line does. */
const unknown = (environment: Texts, file: Texts): readonly Wrong[] => {
  const isOurs = (name: string): boolean =>
    name.startsWith(OURS) && !name.startsWith(OF_TESTS) && !OF_COMMANDS.includes(name)
  const inEnvironment = Object.keys(environment).filter((name) => isOurs(name) && !isSetting(name))
  const inFile = Object.keys(file).filter((name) => !isSetting(name) && !inEnvironment.includes(name))
  return [
    ...inEnvironment.map((name) => ({ name, wrong: 'is not a setting of Evenkeel', fix: guess(name) })),
    ...inFile.map((name) => ({
      name: `${name} in .env`,
      wrong: 'is not a setting of Evenkeel',
      fix: guess(name),
    })),
  ]
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i

/** What is wrong between settings that are each right. */
const together = (texts: Texts): readonly Wrong[] => {
  const wrongs: Wrong[] = []
  const { HOST: host, TLS_IN_FRONT: tls } = texts as Partial<Record<SettingName, string>>
  if (host !== undefined && !LOOPBACK.test(host) && tls !== 'true')
    wrongs.push({
      name: 'HOST',
      wrong: `${host} is reached from other machines, and the server speaks plain HTTP`,
      fix: 'Put a proxy with TLS in front and set TLS_IN_FRONT=true, or leave HOST out.',
    })
  for (const name of ['DATABASE_APP_URL', 'DATABASE_READER_URL'] as const) {
    if (texts[name] !== undefined && texts['DATABASE_URL'] === undefined)
      wrongs.push({
        name,
        wrong: 'stands without DATABASE_URL',
        fix: 'Set DATABASE_URL as well: it migrates.',
      })
  }
  return wrongs
}

const shown = (name: SettingName, text: string | undefined): string =>
  text === undefined || SETTINGS[name].secret ? name : `${name}=${text}`

const problemOf = (wrongs: readonly Wrong[]): SetupProblem =>
  new SetupProblem(
    wrongs.map(({ name, wrong }) => `${name} ${wrong}`).join('\n'),
    wrongs
      .map(({ name, fix }) => (wrongs.length === 1 ? fix : `${name.replace(/=.*$/s, '')}: ${fix}`))
      .join('\n'),
  )

/** An empty text is an absent one: that is how a shell or a compose file takes a setting away. */
const merge = (environment: Texts, file: Texts): Texts =>
  Object.fromEntries(SETTING_NAMES.map((name) => [name, environment[name] || file[name] || undefined]))

/** Reads every setting, and throws one problem that lists all that is wrong. */
export const parseConfiguration = (environment: Texts, file: Texts = {}): Configuration => {
  const texts = merge(environment, file)
  const wrongs: Wrong[] = []
  const read = <Name extends SettingName>(name: Name): Value<Name> => {
    const parsed: Parsed<unknown> = SETTINGS[name].parse(texts[name])
    if ('wrong' in parsed) {
      wrongs.push({ name: shown(name, texts[name]), wrong: parsed.wrong, fix: parsed.fix })
      return undefined as Value<Name>
    }
    return parsed.value as Value<Name>
  }
  const configuration: Configuration = {
    port: read('PORT'),
    host: read('HOST'),
    tlsInFront: read('TLS_IN_FRONT'),
    dataDir: read('DATA_DIR'),
    databaseUrl: read('DATABASE_URL'),
    databaseAppUrl: read('DATABASE_APP_URL'),
    databaseReaderUrl: read('DATABASE_READER_URL'),
    masterKey: read('MASTER_KEY'),
    auditAnchorDir: read('AUDIT_ANCHOR_DIR'),
    logLevel: read('LOG_LEVEL'),
    logFormat: read('LOG_FORMAT'),
    processingFeeBps: read('PROCESSING_FEE_BPS'),
    processingFeeFixed: read('PROCESSING_FEE_FIXED'),
    disputeFee: read('DISPUTE_FEE'),
    settlementDelayDays: read('SETTLEMENT_DELAY_DAYS'),
    metricsKey: read('METRICS_KEY'),
    webhookAllowPrivate: read('WEBHOOK_ALLOW_PRIVATE'),
    drainSeconds: read('DRAIN_SECONDS'),
    backupWarnHours: read('BACKUP_WARN_HOURS'),
    allowUnsafeDatabase: read('EVENKEEL_TEST_UNSAFE_DATABASE') === '1',
  }
  wrongs.push(...together(texts), ...unknown(environment, file))
  if (wrongs.length > 0) throw problemOf(wrongs)
  return configuration
}

const readFile = (path: string): Texts => {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new SetupProblem(
      `The file ${path} cannot be read: ${String(error)}`,
      'Make it readable, or remove it.',
    )
  }
}

/** What was written where, as it is. */
export const readConfigurationTexts = (
  environment: Texts = process.env,
  directory: string = process.cwd(),
): { readonly environment: Texts; readonly file: Texts } => ({
  environment,
  file: readFile(join(directory, '.env')),
})

/** From the environment and the file .env of the working directory; what the environment says wins. */
export const loadConfiguration = (
  environment: Texts = process.env,
  directory: string = process.cwd(),
): Configuration => parseConfiguration(environment, readFile(join(directory, '.env')))
