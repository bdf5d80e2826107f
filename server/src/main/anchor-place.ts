import { join } from 'node:path'
import type { AnchorPlace } from '../audit/index.ts'
import type { Configuration } from './configuration.ts'

/** Where the audit log is anchored outside the database, and the key that signs. */
export const anchorPlaceOf = ({ dataDir, auditAnchorDir }: Configuration): AnchorPlace => ({
  folder: auditAnchorDir ?? join(dataDir, 'audit-anchors'),
  keyFile: join(dataDir, 'audit-anchor.key'),
})
