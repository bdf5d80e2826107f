export { createDataKey } from './data-keys.ts'
export { checkFingerprint, hasMasterKey } from './fingerprint.ts'
export {
  type MasterKey,
  masterKeyFromText,
  obtainMasterKey,
  rolePassword,
} from './master-key.ts'
export { type DataKey, type Place, sealWith } from './seal.ts'
export { openVault, type Vault } from './vault.ts'
