import {
  appendActAsOwner,
  type KeyRotated,
  readAnchorKey,
  rotateAnchorKey,
  verifyAudit as verifyChains,
} from '../audit/index.ts'
import { SetupProblem, type TenantId } from '../kit/index.ts'
import type { VerifyReport } from '../ledger/index.ts'
import { inTransaction } from '../tenants/index.ts'
import { anchorPlaceOf } from './anchor-place.ts'
import type { Platform } from './platform.ts'

/** What the command line does with the audit log. */
export type AuditTools = {
  /** Against the heads in a folder, or in that of the configuration; with a public key that somebody has kept elsewhere. */
  readonly verify: (options: {
    readonly folder?: string
    readonly publicKey?: string
  }) => Promise<VerifyReport>
  /** Of the key that signs here, for whoever keeps it elsewhere. */
  readonly publicKey: () => { readonly id: string; readonly publicKey: string }
  /** A new key in the place of one that was lost or may be known to others. */
  readonly rotateKey: () => Promise<KeyRotated>
}

const MILLIS_PER_SECOND = 1_000

const verify = async (
  platform: Platform,
  { folder, publicKey }: { readonly folder?: string; readonly publicKey?: string },
): Promise<VerifyReport> => {
  const from = performance.now()
  const place = anchorPlaceOf(platform.configuration)
  const names = new Map<number, string>(
    (await platform.tenants.list()).map((tenant) => [tenant.id, tenant.name]),
  )
  const client = await platform.pools.reader.connect()
  let broken = true
  try {
    const checks = await verifyChains(client, {
      folder: folder ?? place.folder,
      keyFile: place.keyFile,
      publicKeys: publicKey === undefined ? [] : [publicKey],
      nameOf: (tenant) => names.get(tenant) ?? `tenant ${tenant}`,
    })
    broken = false
    return {
      ok: checks.every(({ ok }) => ok),
      tenants: [],
      checks,
      rows: checks[0]?.rows ?? 0,
      seconds: (performance.now() - from) / MILLIS_PER_SECOND,
    }
  } finally {
    client.release(broken)
  }
}

const publicKeyOf = (platform: Platform): ReturnType<AuditTools['publicKey']> => {
  const { keyFile } = anchorPlaceOf(platform.configuration)
  const key = readAnchorKey(keyFile)
  if (key !== null) return { id: key.id, publicKey: key.publicKey }
  throw new SetupProblem(
    `There is no key that signs the audit log, ${keyFile}`,
    'A server makes it when it starts. Run this where the server runs, or set DATA_DIR as the server has it.',
  )
}

const LIVE = 1 as TenantId

/** The old key is lost or known to others whatever becomes of the record, so the key goes first. */
const rotateKey = async (platform: Platform): Promise<KeyRotated> => {
  const rotated = rotateAnchorKey(anchorPlaceOf(platform.configuration), platform.clock)
  await inTransaction(platform.asOwner, (owner) =>
    appendActAsOwner(
      owner,
      LIVE,
      {
        actor: platform.actor,
        action: 'anchors.key_rotated',
        subject: rotated.after,
        reason: null,
        before: { key: rotated.before },
        after: { key: rotated.after },
      },
      { anchor: true },
    ),
  )
  return rotated
}

export const auditToolsOf = (platform: Platform): AuditTools => ({
  verify: (options) => verify(platform, options),
  publicKey: () => publicKeyOf(platform),
  rotateKey: () => rotateKey(platform),
})
