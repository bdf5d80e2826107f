import { AUDIT_TABLES, verifyAuditChains } from '../audit/index.ts'
import { CUSTOMERS_TABLES } from '../customers/index.ts'
import type { Finding } from '../database/index.ts'
import { examine, examineDamage, examineDisk } from '../database/index.ts'
import { EVENTS_TABLES } from '../events/index.ts'
import { EXPOSURE_TABLES, verifyExposure } from '../exposure/index.ts'
import type { Route } from '../http/index.ts'
import type { Progress } from '../imports/index.ts'
import { SetupProblem, type TenantId } from '../kit/index.ts'
import { LAUNCH_TABLES } from '../launches/index.ts'
import {
  type ExportManifest,
  type ExportProgress,
  type VerifyOptions,
  type VerifyReport,
  verifyLedger,
} from '../ledger/index.ts'
import type { MoveProgress } from '../move/index.ts'
import { PAYMENTS_TABLES, verifyPayments } from '../payments/index.ts'
import { PEOPLE_TABLES, type People } from '../people/index.ts'
import { RAILS_TABLES } from '../rails/index.ts'
import { ROUTING_TABLES } from '../routing/index.ts'
import { TENANTS_TABLES, type Tenants } from '../tenants/index.ts'
import { VAULT_TABLES } from '../vault/index.ts'
import { type Ages, readAges } from './age.ts'
import { type AuditTools, auditToolsOf } from './audit-tools.ts'
import { examineBackups } from './backup-watch.ts'
import { tellingOperator } from './database-trouble.ts'
import { type ExportAsked, exportBooks } from './export-tools.ts'
import { type Imported, type ImportWanted, importFile } from './import-file.ts'
import { examineMasterKey, type MasterKeyTools, masterKeyToolsOf } from './master-key-tools.ts'
import { type MoveAsked, moveBooks, type ProvenMove } from './move-tools.ts'
import { openPlatform as open, type Platform, type PlatformOptions } from './platform.ts'
import { allRoutes } from './serve.ts'

export { hashOfShown as hashOfAuditEntry } from '../audit/index.ts'
export { verifyExport } from '../ledger/index.ts'
export {
  type BackupAsked,
  type BackupDone,
  type BackupsListed,
  backUp,
  checkFolder as checkBackups,
  endBackingUp,
  listBackups,
  whereMasterKeyIs,
} from './backup-tools.ts'
export { type Configuration, loadConfiguration, parseConfiguration } from './configuration.ts'
export { giveMoveUp } from './move-tools.ts'
export { openPlatform as openBarePlatform, type Platform, type PlatformOptions } from './platform.ts'
export { type RestoreDone, type RestoreWanted, restoreBackup } from './restore-tools.ts'
export { allRoutes, serve } from './serve.ts'
export { type ShownSetting, showConfiguration } from './show-configuration.ts'
export { start as startServer } from './start.ts'
export { startTimers } from './timers.ts'

/** What the command line does with an open platform. */
export type Tools = {
  readonly tenants: Tenants
  readonly people: People
  readonly audit: AuditTools
  readonly masterKey: MasterKeyTools
  /** What a restricted key may be given: what some route asks for. */
  readonly permissions: () => readonly string[]
  /** Of the tenants with these numbers, or of all. */
  readonly verify: (
    options: { readonly tenants?: readonly number[] },
    onProgress: NonNullable<VerifyOptions['onProgress']>,
  ) => Promise<VerifyReport>
  readonly importFile: (wanted: ImportWanted, onProgress: (progress: Progress) => void) => Promise<Imported>
  readonly exportBooks: (
    asked: ExportAsked,
    onProgress: (progress: ExportProgress) => void,
  ) => Promise<ExportManifest>
  readonly doctor: () => Promise<readonly Finding[]>
  /** How large everything is, by kind, and what is dropped with age. */
  readonly ages: () => Promise<Ages>
  readonly close: () => Promise<void>
}

const permissionsOf = (routes: readonly Route[]): readonly string[] =>
  [...new Set(routes.map(({ permission }) => permission))].toSorted()

/** Of the capabilities beside the ledger. */
const TABLES = [
  ...AUDIT_TABLES,
  ...PEOPLE_TABLES,
  ...TENANTS_TABLES,
  ...CUSTOMERS_TABLES,
  ...EVENTS_TABLES,
  ...EXPOSURE_TABLES,
  ...LAUNCH_TABLES,
  ...PAYMENTS_TABLES,
  ...RAILS_TABLES,
  ...ROUTING_TABLES,
  ...VAULT_TABLES,
]

/** What is proven: the books that a pool leads to. */
type Proven = Pick<Platform, 'configuration' | 'isNew'> & {
  readonly pools: Pick<Platform['pools'], 'reader'>
}

const verify = async (platform: Proven, options: VerifyOptions): Promise<VerifyReport> => {
  if (platform.isNew) {
    throw new SetupProblem(
      'There were no books here until now, so there is nothing to prove',
      'Run it in the folder where the server runs, or set DATA_DIR or DATABASE_URL as the server has them.',
    )
  }
  const client = await platform.pools.reader.connect()
  let broken = true
  try {
    const durability = platform.configuration.allowUnsafeDatabase ? 'noted' : 'required'
    const report = await verifyLedger(client, {
      ...options,
      durability,
      tables: TABLES,
      alsoProve: async (reader, tenants) => [
        ...(await verifyPayments(reader, tenants)),
        ...(await verifyAuditChains(reader, tenants)),
        ...(await verifyExposure(reader, tenants)),
      ],
    })
    broken = false
    return report
  } finally {
    client.release(broken)
  }
}

const doctor = async (platform: Platform): Promise<readonly Finding[]> => {
  const settings = [
    ...(await examine(platform.pools.plain)),
    await examineDamage(platform.pools.plain),
    await examineMasterKey(platform),
  ]
  const backups = await examineBackups(platform)
  return platform.cluster === null
    ? settings
    : [...backups, ...settings, examineDisk(platform.cluster.dataFolder)]
}

/** Opens the platform for a command: beside a running server, or on its own. */
export const openPlatform = async (options: PlatformOptions): Promise<Tools> => {
  const platform = await tellingOperator(() => open(options))
  const permissions = (): readonly string[] => permissionsOf(allRoutes(platform))
  return {
    tenants: {
      ...platform.tenants,
      createKey: (wanted) => platform.tenants.createKey(wanted, new Set(permissions())),
    },
    people: platform.people,
    audit: auditToolsOf(platform),
    masterKey: masterKeyToolsOf(platform),
    permissions,
    verify: ({ tenants }, onProgress) =>
      tellingOperator(() =>
        verify(platform, {
          ...(tenants === undefined ? {} : { tenants: tenants as readonly TenantId[] }),
          onProgress,
        }),
      ),
    importFile: (wanted, onProgress) => importFile(platform, wanted, onProgress),
    exportBooks: (asked, onProgress) => exportBooks(platform, asked, onProgress),
    doctor: () => doctor(platform),
    ages: () => readAges(platform),
    close: platform.close,
  }
}

/** Carries the books into a database of the user’s own, and proves them there in full. */
export const moveDatabase = (
  asked: MoveAsked,
  onProgress: (progress: MoveProgress) => void,
): Promise<ProvenMove> =>
  moveBooks(asked, onProgress, (target) => verify(target, { onProgress: () => undefined }))
