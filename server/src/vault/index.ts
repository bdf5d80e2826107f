export { createDataKey } from './data-keys.ts'
export { examineKeys, type KeysExamined } from './examine.ts'
export { checkFingerprint, findKeyOf, hasMasterKey, readMark } from './fingerprint.ts'
export { masterKeyFromText, removeUnfinished, replaceKeysFile, setAside } from './key-sources.ts'
export { type KeyPlace, type Keyring, keyringOf, obtainKeyring } from './keyring.ts'
export { KNOWN_WITHIN_MS, SEEN_WITHIN_MS } from './limits.ts'
export {
  fingerprintOf,
  fingerprintText,
  type MasterKey,
  newMasterKey,
  type Role,
  rolePassword,
} from './master-key.ts'
export { announce, type Keys, type Rewrapped, rewrapAll, tenantsWithKeys, withdraw } from './rotation.ts'
export { type DataKey, type Place, sealWith } from './seal.ts'
export { ensureSecrets, type Secrets } from './secrets.ts'
export { VAULT_TABLES } from './table-rules.ts'
export { openVault, type Vault } from './vault.ts'
export { readSeen, type Seen, startWitness, type Witness } from './witness.ts'
