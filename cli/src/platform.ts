// What the commands need of the server: main's door, as far as the command line uses it. It is written down here, and
// not taken from there, so that `--help` does not load a server, and so that the tests can bring a small one.

import type { Check, ExportBooks, VerifyExport } from './platform-export.ts'

export type { Check } from './platform-export.ts'

/** As the server brands it. */
export type TenantId = number & { readonly __tenant: true }

export type Tenant = {
  readonly id: TenantId
  readonly kind: 'live' | 'sandbox'
  readonly name: string
  readonly timeZone: string
  readonly createdMs: number
}

export type ApiKey = {
  readonly id: string
  readonly tenantName: string
  readonly kind: 'secret' | 'restricted' | 'publishable' | 'person'
  readonly mode: 'live' | 'test'
  readonly name: string
  readonly last4: string
  readonly createdMs: number
  readonly expiresMs: number | null
  /** Whose it is; null for a program's. */
  readonly person: string | null
  /** Of a restricted key; null for others. */
  readonly permissions: readonly string[] | null
  readonly lastUsedMs: number | null
  /** The key that took its place. */
  readonly replacedBy: string | null
  readonly revokedMs: number | null
}

/** A refusal says what is wrong and what to do, in one sentence. */
export type Refused = { readonly ok: false; readonly code: string; readonly message: string }
type Done<Value> = Promise<({ readonly ok: true } & Value) | Refused>

export type Tenants = {
  readonly list: () => Promise<readonly Tenant[]>
  readonly find: (name: string) => Promise<Tenant | null>
  readonly createSandbox: (wanted: {
    readonly name: string
    readonly timeZone?: string | undefined
  }) => Done<{ readonly tenant: Tenant }>
  readonly deleteSandbox: (name: string) => Done<{ readonly rows: number }>
  readonly createKey: (wanted: {
    readonly tenant: string
    readonly name: string
    readonly kind?: Exclude<ApiKey['kind'], 'person'>
    readonly permissions?: readonly string[]
    readonly expiresMs?: number
  }) => Done<{ readonly key: ApiKey; readonly text: string }>
  readonly rollKey: (
    id: string,
    overlapMs: number,
  ) => Done<{ readonly key: ApiKey; readonly text: string; readonly old: ApiKey }>
  readonly listKeys: (tenantName: string | null) => Promise<readonly ApiKey[]>
  readonly revokeKey: (id: string) => Done<{ readonly key: ApiKey; readonly wasRevoked: boolean }>
}

export type Person = {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly createdMs: number
  readonly tenantName: string
  readonly removedMs: number | null
}

type WithKey = {
  readonly person: Person
  readonly text: string
  readonly keyId: string
  readonly mode: 'live' | 'test'
}

export type People = {
  readonly add: (wanted: {
    readonly tenant: string
    readonly name: string
    readonly role: string
  }) => Done<WithKey>
  readonly list: (tenantName: string | null) => Promise<readonly Person[]>
  readonly remove: (id: string) => Done<{ readonly person: Person; readonly wasRemoved: boolean }>
  readonly renewKey: (id: string) => Done<WithKey>
}

export type VerifyProgress = {
  readonly tenant: number
  readonly step: string
  readonly done: number
  readonly total: number
}

export type VerifyReport = {
  readonly ok: boolean
  readonly tenants: readonly {
    readonly tenant: number
    readonly accounts: number
    readonly transfers: number
    readonly holdsOpen: number
  }[]
  readonly checks: readonly Check[]
  readonly rows: number
  readonly seconds: number
}

export type ImportProgress = {
  readonly lines: number
  readonly bytes: number
  readonly totalBytes: number
  readonly linesPerSecond: number
  readonly remainingS: number | null
}

export type ImportWanted = {
  readonly file: string
  /** A built-in name, or the path of a profile. */
  readonly profile: string
  /** Made where it is not there yet, once file and profile were found to be good. */
  readonly sandbox: string
  /** Where the report is written as JSON; null for nowhere. */
  readonly report: string | null
  readonly settle: boolean
  readonly strict: boolean
  readonly signal: AbortSignal
}

export type Imported =
  | {
      readonly ok: true
      readonly report: {
        readonly complete: boolean
        readonly lines: number
        readonly refused_line_count: number
        readonly ledger_check: { readonly balanced: boolean }
      }
      /** The report for people. */
      readonly text: string
      readonly made: { readonly accounts: number; readonly transfers: number }
      readonly madeSandbox: boolean
    }
  | { readonly ok: false; readonly message: string }

/** One thing that doctor looked at. */
export type Finding = {
  readonly name: string
  readonly found: string
  readonly wanted: string
  readonly why: string
  readonly severity: 'fine' | 'advice' | 'danger'
}

type Size = {
  readonly bytes: number
  readonly indexBytes: number
  /** About; null where nobody has counted yet. */
  readonly rows: number | null
}

/** What there is, and what of it goes with age. */
export type Ages = {
  readonly kinds: readonly (Size & {
    readonly kind: string
    readonly tables: readonly (Size & { readonly table: string })[]
  })[]
  readonly aging: readonly {
    readonly table: string
    readonly keepDays: number
    /** Null: its rows go one by one. */
    readonly months:
      | readonly {
          readonly month: string
          readonly bytes: number
          readonly rows: number | null
          readonly goes: string
        }[]
      | null
    readonly elsewhere: { readonly bytes: number; readonly rows: number | null }
  }[]
}

export type Audit = {
  /** Without a folder that of the configuration. */
  readonly verify: (options: {
    readonly folder?: string
    readonly publicKey?: string
  }) => Promise<VerifyReport>
  readonly publicKey: () => { readonly id: string; readonly publicKey: string }
  readonly rotateKey: () => Promise<{ readonly before: string | null; readonly after: string }>
}

export type MoveProgress = {
  readonly phase: 'copying' | 'settling' | 'comparing' | 'proving'
  readonly table: string
  /** Bytes while it copies, else tables. */
  readonly done: number
  readonly total: number
  readonly rows: number
}

export type MoveAsked = {
  readonly url: string
  readonly appUrl?: string
  readonly readerUrl?: string
  readonly despiteDangers: boolean
  /** Asked between two steps. */
  readonly isStopped: () => boolean
}

export type ProvenMove = {
  /** False: it had been moved before. */
  readonly isNew: boolean
  /** Without a password. */
  readonly to: string
  readonly rows: number
  readonly holdings: readonly { readonly table: string; readonly rows: bigint; readonly digest: string }[]
  readonly advice: readonly Finding[]
  readonly proof: VerifyReport | null
}

export type RestoreAsked = {
  /** The folder of backups. */
  readonly folder: string
  /** A moment as people write it; null for all that is there. */
  readonly to: string | null
  /** Null for the one that fits best. */
  readonly backup: string | null
  /** A data folder that died before all of its log was shipped; null for none. */
  readonly wal: string | null
  readonly signal: AbortSignal
}

export type BackupAsked = {
  /** Null for the folder of the last time. */
  readonly folder: string | null
  readonly keep: { readonly count: number | null; readonly days: number | null }
  readonly signal: AbortSignal
}

export type BackupProgress = {
  readonly step: 'copy' | 'log'
  /** Bytes of the copy, or segments of the log. */
  readonly done: number
  readonly total: number
}

export type BackupManifest = {
  readonly id: string
  readonly startedAt: string
  readonly endedAt: string
  readonly release: string
  readonly newestMigration: number
  readonly masterKeyFingerprint: string
  readonly files: readonly unknown[]
  readonly bytes: number
  readonly pagesChecked: number
}

export type BackupDone = {
  readonly folder: string
  readonly manifest: BackupManifest
  readonly endedFolder: string | null
  readonly pruned: { readonly removed: readonly string[]; readonly segments: number }
}

export type BackupEntry =
  | { readonly kind: 'whole'; readonly manifest: BackupManifest }
  | { readonly kind: 'unfinished'; readonly id: string }
  | { readonly kind: 'damaged'; readonly id: string; readonly why: string }

export type BackupsListed = { readonly folder: string; readonly backups: readonly BackupEntry[] }

export type BackupsChecked = BackupsListed & {
  readonly log: { readonly segments: number; readonly problems: readonly string[] }
}

export type RestoreProgress = {
  readonly step: 'looking' | 'copying' | 'replaying'
  /** Bytes of the copy, or segments of the log. */
  readonly done: number
  readonly total: number
}

export type RestoreDone = {
  readonly backup: string
  readonly moment: string
  readonly asked: string | null
  readonly files: number
  readonly bytes: number
  readonly dataDir: string
}

export type MasterKeyStatus = {
  readonly place: 'MASTER_KEY' | 'file'
  readonly file: string | null
  readonly fingerprint: string
  readonly sinceMs: number
  readonly other: string | null
  readonly state: 'steady' | 'prepared' | 'unfinished'
  readonly tenants: number
  readonly dataKeys: number
  readonly secrets: number
  readonly unreadable: readonly string[]
}

export type MasterKeyRotated = {
  readonly before: string | null
  readonly after: string
  /** Null where an earlier run had done it, and this one has only finished. */
  readonly rewrapped: { readonly tenants: number; readonly dataKeys: number; readonly secrets: number } | null
  /** The file in which the old key is kept; null with MASTER_KEY. */
  readonly aside: string | null
}

export type RotationStep = 'written' | 'announced' | 'known' | 'exchanged' | 'finished'

export type MasterKey = {
  readonly rotate: (options: { readonly onStep?: (step: RotationStep) => void }) => Promise<MasterKeyRotated>
  readonly status: () => Promise<MasterKeyStatus>
}

export type Platform = {
  readonly tenants: Tenants
  readonly people: People
  readonly audit: Audit
  readonly masterKey: MasterKey
  /** What a restricted key may be given. */
  readonly permissions: () => readonly string[]
  readonly verify: (
    options: { readonly tenants?: readonly TenantId[] },
    onProgress: (progress: VerifyProgress) => void,
  ) => Promise<VerifyReport>
  readonly importFile: (
    wanted: ImportWanted,
    onProgress: (progress: ImportProgress) => void,
  ) => Promise<Imported>
  readonly exportBooks: ExportBooks
  readonly doctor: () => Promise<readonly Finding[]>
  readonly ages: () => Promise<Ages>
  readonly close: () => Promise<void>
}

export type ShownSetting = {
  readonly name: string
  /** As it may be shown: a secret says only that it is set. */
  readonly shown: string
  readonly source: 'environment' | '.env' | 'default'
}

export type Door = {
  readonly openPlatform: (options: { readonly as: 'tool' }) => Promise<Platform>
  /** What `npm start` does: serves until a signal, and sets the exit code. */
  readonly startServer: () => Promise<void>
  readonly showConfiguration: () => readonly ShownSetting[]
  /** Opens the embedded database by itself, as no server may run on it. */
  readonly moveDatabase: (
    asked: MoveAsked,
    onProgress: (progress: MoveProgress) => void,
  ) => Promise<ProvenMove>
  readonly giveMoveUp: () => Promise<{ readonly to: string }>
  readonly backUp: (asked: BackupAsked, onProgress: (progress: BackupProgress) => void) => Promise<BackupDone>
  /** The log is not kept any longer. The folder that it went to. */
  readonly endBackingUp: () => Promise<string | null>
  /** Null for the folder of the last time. */
  readonly listBackups: (folder: string | null) => Promise<BackupsListed>
  /** Reads all of it. */
  readonly checkBackups: (
    folder: string | null,
    onProgress: (progress: { readonly done: number; readonly total: number }) => void,
    signal: AbortSignal,
  ) => Promise<BackupsChecked>
  /** The path of its file, or the name of the setting. */
  readonly whereMasterKeyIs: () => string
  /** Makes the embedded database of the data folder, where there must be none. */
  readonly restoreBackup: (
    asked: RestoreAsked,
    onProgress: (progress: RestoreProgress) => void,
  ) => Promise<RestoreDone>
  /** Proves what an export has written, by its files alone. */
  readonly verifyExport: VerifyExport
  /** The hash of an entry of the audit log, computed from what the API shows. */
  readonly hashOfAuditEntry: (entry: Readonly<Record<string, unknown>>) => string
}
