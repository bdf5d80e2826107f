import { join } from 'node:path'
import { type Address, hasCluster, type RolePasswords, roleUrl, withClient } from '../database/index.ts'
import {
  hasMasterKey,
  type Keyring,
  type MasterKey,
  obtainKeyring,
  type Role,
  rolePassword,
} from '../vault/index.ts'
import type { Configuration } from './configuration.ts'

export const masterKeyFile = ({ dataDir }: Pick<Configuration, 'dataDir'>): string =>
  join(dataDir, 'master.key')

/** The master keys of this configuration: one, or two while one takes the place of the other. */
export const obtainKeys = (configuration: Configuration): Promise<Keyring> => {
  const { databaseUrl, dataDir, masterKey } = configuration
  return obtainKeyring({
    ...(masterKey === undefined ? {} : { text: masterKey }),
    file: masterKeyFile(configuration),
    hasDatabase: () =>
      databaseUrl === undefined
        ? hasCluster(join(dataDir, 'postgres'))
        : withClient(databaseUrl, hasMasterKey),
  })
}

/** What a role may be logged in with, the likeliest first: asked anew for each connection. */
export const passwordsOf = (ring: Keyring, role: Role) => (): readonly [string, ...string[]] => {
  const [likeliest, ...others] = ring.candidates()
  const passwordOf = (key: MasterKey): string => rolePassword(key, role)
  return [passwordOf(likeliest), ...others.map(passwordOf)]
}

/** The passwords that the roles have now. */
export const rolePasswordsOf = (ring: Keyring): RolePasswords => {
  const [key] = ring.candidates()
  return { app: rolePassword(key, 'app'), reader: rolePassword(key, 'reader') }
}

/** The same server for a role whose password derives from the master key, however often that is replaced. */
export const addressOf =
  (admin: Address, ring: Keyring, role: Exclude<Role, 'superuser'>): Address =>
  () => {
    const [likeliest, ...others] = passwordsOf(ring, role)()
    return [roleUrl(admin, role, likeliest), ...others.map((password) => roleUrl(admin, role, password))]
  }
