import { isIPv4, isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { wrongHosts } from '../database/index.ts'

/** A value, or what is wrong with the text and what to write instead. */
export type Parsed<Value> = { readonly value: Value } | { readonly wrong: string; readonly fix: string }

/** One setting: everything about it is said here, and the documentation is made from it. */
export type Setting<Value> = {
  readonly meaning: string
  /** As the documentation shows it; the value itself where `parse` gives it for an absent text. */
  readonly shownDefault: string
  readonly example: string
  readonly secret: boolean
  readonly parse: (text: string | undefined) => Parsed<Value>
}

const ok = <Value>(value: Value): Parsed<Value> => ({ value })

const wholeNumber =
  (low: number, high: number, otherwise: number) =>
  (text: string | undefined): Parsed<number> => {
    if (text === undefined) return ok(otherwise)
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return value >= low && value <= high
      ? ok(value)
      : { wrong: 'is not a whole number in range', fix: `Write a number from ${low} to ${high}.` }
  }

const oneOf =
  <const Choice extends string>(choices: readonly Choice[], otherwise: Choice) =>
  (text: string | undefined): Parsed<Choice> => {
    const found = choices.find((choice) => choice === (text ?? otherwise))
    return found === undefined
      ? { wrong: 'is not a known word', fix: `Write one of: ${choices.join(', ')}.` }
      : ok(found)
  }

const yesOrNo = (text: string | undefined): Parsed<boolean> => {
  if (text === undefined || text === 'false') return ok(false)
  return text === 'true' ? ok(true) : { wrong: 'is neither true nor false', fix: 'Write true or false.' }
}

const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

const host = (text: string | undefined): Parsed<string> => {
  const value = text ?? '127.0.0.1'
  return isIPv4(value) || isIPv6(value) || HOST_NAME.test(value)
    ? ok(value)
    : {
        wrong: 'is neither an address nor a name',
        fix: 'Write an address such as 127.0.0.1 or 0.0.0.0, without a port.',
      }
}

const folder =
  (otherwise: string) =>
  (text: string | undefined): Parsed<string> =>
    text?.includes('\0') === true
      ? { wrong: 'is not a path', fix: 'Write the path of a folder.' }
      : ok(resolve(text ?? otherwise))

const optionalFolder = (text: string | undefined): Parsed<string | undefined> =>
  text === undefined ? ok(undefined) : folder('.')(text)

const databaseUrl = (text: string | undefined): Parsed<string | undefined> => {
  if (text === undefined) return ok(undefined)
  if (!/^postgres(ql)?:\/\/\S+$/.test(text)) {
    return {
      wrong: 'is not the URL of a PostgreSQL database',
      fix: 'Write postgresql://user:password@host:5432/database.',
    }
  }
  return wrongHosts(text) ?? ok(text)
}

/** While a key is replaced, the new one stands before the old one. */
const KEYS_MOST = 2
const KEY = /^([0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i

const key = (text: string | undefined): Parsed<string | undefined> => {
  const keys = text?.trim().split(/\s+/) ?? []
  if (text === undefined || (keys.length <= KEYS_MOST && keys.every((one) => KEY.test(one)))) return ok(text)
  return {
    wrong: 'is not a key of 32 bytes in base64 or hexadecimal, nor two of them with a space between',
    fix: `Give the key of this installation as it was. Only for a new one make a key with: node -p "crypto.randomBytes(32).toString('base64')".`,
  }
}

const METRICS_KEY_CHARACTERS = 16

const metricsKey = (text: string | undefined): Parsed<string | undefined> =>
  text === undefined || (text.length >= METRICS_KEY_CHARACTERS && !/\s/.test(text))
    ? ok(text)
    : {
        wrong: 'is too short or has blanks',
        fix: `Write ${METRICS_KEY_CHARACTERS} characters or more, without blanks.`,
      }

/** All settings, in the order in which the documentation shows them. */
export const SETTINGS = {
  PORT: {
    meaning: 'The port that the server listens on.',
    shownDefault: '8484',
    example: '8080',
    secret: false,
    parse: wholeNumber(0, 65_535, 8_484),
  },
  HOST: {
    meaning:
      'The address that the server listens on. Any other than this machine’s own needs `TLS_IN_FRONT=true`, because the server itself speaks plain HTTP.',
    shownDefault: '127.0.0.1',
    example: '0.0.0.0',
    secret: false,
    parse: host,
  },
  TLS_IN_FRONT: {
    meaning: 'Says that a proxy with TLS stands in front of the server.',
    shownDefault: 'false',
    example: 'true',
    secret: false,
    parse: yesOrNo,
  },
  DATA_DIR: {
    meaning: 'The data folder: the embedded database and, unless `MASTER_KEY` is set, the file `master.key`.',
    shownDefault: '.evenkeel in the working directory',
    example: '/var/lib/evenkeel',
    secret: false,
    parse: folder('.evenkeel'),
  },
  DATABASE_URL: {
    meaning:
      'A PostgreSQL 15 or newer of your own, instead of the embedded one. Its role makes the roles `evenkeel_owner`, `evenkeel_app` and `evenkeel_reader` and migrates, so it may create roles and create in the database. Several machines of one cluster are written `one:5432,two:5432`: Evenkeel works with whichever is the primary.',
    shownDefault: 'none: the embedded PostgreSQL 18',
    example: 'postgresql://admin:secret@db.internal:5432/evenkeel',
    secret: true,
    parse: databaseUrl,
  },
  DATABASE_APP_URL: {
    meaning: 'Where you manage roles yourself: the login of `evenkeel_app`.',
    shownDefault: 'made from DATABASE_URL',
    example: 'postgresql://evenkeel_app:secret@db.internal:5432/evenkeel',
    secret: true,
    parse: databaseUrl,
  },
  DATABASE_READER_URL: {
    meaning: 'Where you manage roles yourself: the login of `evenkeel_reader`.',
    shownDefault: 'made from DATABASE_URL',
    example: 'postgresql://evenkeel_reader:secret@db.internal:5432/evenkeel',
    secret: true,
    parse: databaseUrl,
  },
  MASTER_KEY: {
    meaning:
      'The key that encrypts what is secret at rest, and from which the passwords of the database roles derive: 32 bytes in base64 or hexadecimal. Keep a copy: without it the encrypted cannot be read. While it is replaced, the new one and the old one with a space between.',
    shownDefault: 'the file master.key in DATA_DIR, made on the first start',
    example: 'the output of: node -p "crypto.randomBytes(32).toString(\'base64\')"',
    secret: true,
    parse: key,
  },
  AUDIT_ANCHOR_DIR: {
    meaning:
      'Where the signed heads of the audit log are written, outside the database. Whoever can change both the database and this folder can rewrite the log unnoticed, so let it be on the disk of another machine, such as a mounted share that the database’s administrators cannot write to. The key that signs, `audit-anchor.key`, stands in DATA_DIR.',
    shownDefault: 'audit-anchors in DATA_DIR',
    example: '/var/evidence/evenkeel',
    secret: false,
    parse: optionalFolder,
  },
  LOG_LEVEL: {
    meaning: 'The least important lines that are logged.',
    shownDefault: 'info',
    example: 'debug',
    secret: false,
    parse: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  },
  LOG_FORMAT: {
    meaning:
      'How lines are logged: `json` for machines, `pretty` for people, `auto` for pretty in a terminal.',
    shownDefault: 'auto',
    example: 'json',
    secret: false,
    parse: oneOf(['auto', 'json', 'pretty'], 'auto'),
  },
  PROCESSING_FEE_BPS: {
    meaning:
      'What the processing of a payment costs its receiver, in hundredths of a percent, rounded half up; never more than the payment together with `PROCESSING_FEE_FIXED`.',
    shownDefault: '290',
    example: '150',
    secret: false,
    parse: wholeNumber(0, 10_000, 290),
  },
  PROCESSING_FEE_FIXED: {
    meaning:
      'What each payment costs beside that, in minor units of a currency with two decimals: 30 is 0.30 EUR. In a currency with more or fewer decimals it is the same share of a unit, rounded half up.',
    shownDefault: '30',
    example: '25',
    secret: false,
    parse: wholeNumber(0, 1_000_000, 30),
  },
  DISPUTE_FEE: {
    meaning:
      'What a dispute costs when its money is withdrawn, in minor units of a currency with two decimals: 1500 is 15.00 EUR. In a currency with more or fewer decimals it is the same share of a unit, rounded half up. It is not given back.',
    shownDefault: '1500',
    example: '2000',
    secret: false,
    parse: wholeNumber(0, 1_000_000, 1_500),
  },
  SETTLEMENT_DELAY_DAYS: {
    meaning:
      'Days until the money of a payment is available: from the first moment (UTC) of that day on, by the tenant’s clock. 0 is at once.',
    shownDefault: '2',
    example: '7',
    secret: false,
    parse: wholeNumber(0, 365, 2),
  },
  METRICS_KEY: {
    meaning: 'Whoever sends this as a bearer token may read /metrics from another machine.',
    shownDefault: 'none: only from this machine',
    example: 'a long random word',
    secret: true,
    parse: metricsKey,
  },
  WEBHOOK_ALLOW_PRIVATE: {
    meaning:
      'Lets webhooks reach private addresses as well: of this machine, its network, or a cloud’s metadata service. A sandbox of a server that listens on loopback may always deliver to loopback.',
    shownDefault: 'false: only public addresses',
    example: 'true',
    secret: false,
    parse: yesOrNo,
  },
  DRAIN_SECONDS: {
    meaning:
      'Where a load balancer stands in front: how long the server goes on working after SIGTERM, while `/readyz` answers 503, before it closes its door. Longer than the balancer needs to notice. Whatever ends the process by force must wait for this and 5 s more. Ctrl-C never waits.',
    shownDefault: '0: closes its door at once',
    example: '15',
    secret: false,
    parse: wholeNumber(0, 600, 0),
  },
  BACKUP_WARN_HOURS: {
    meaning:
      'How old the newest backup of the embedded database may be, in hours, before `evenkeel doctor` calls it a danger and a start warns. Only where a folder of backups was chosen.',
    shownDefault: '26',
    example: '170',
    secret: false,
    parse: wholeNumber(1, 8_784, 26),
  },
  EVENKEEL_TEST_UNSAFE_DATABASE: {
    meaning: 'For tests only: `1` accepts a database that loses what it has confirmed (fsync off).',
    shownDefault: '0',
    example: '1',
    secret: false,
    parse: oneOf(['0', '1'], '0'),
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>

export type SettingName = keyof typeof SETTINGS

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[]
