import { type Configuration, openBarePlatform, type Platform } from '@evenkeel/server'
import type { OnStage } from '../../server/src/database/index.ts'
import { assert, type TenantId } from '../../server/src/kit/index.ts'
import { type Client, openClient } from './clients.ts'

/** A sandbox with a key to it. */
export type Sandbox = { readonly tenant: TenantId; readonly name: string; readonly key: string }

/** A migrated database with the platform open over it. */
export type Database = {
  readonly platform: Platform
  /** A superuser's connection: for the benchmarks' own tables, and to look at sizes. */
  readonly admin: Client
  readonly createSandbox: (name: string) => Promise<Sandbox>
  readonly close: () => Promise<void>
}

const createSandbox = async ({ tenants }: Platform, name: string): Promise<Sandbox> => {
  const made = await tenants.createSandbox({ name })
  assert(made.ok, 'the sandbox of a benchmark is made')
  const key = await tenants.createKey({ tenant: name, name: 'benchmark' })
  assert(key.ok, 'the key of a benchmark is made')
  return { tenant: made.tenant.id, name, key: key.text }
}

/** Opens the platform as the product does, with everything on. */
export const openDatabase = async (
  configuration: Configuration,
  onStage: OnStage | undefined,
): Promise<Database> => {
  const platform = await openBarePlatform({
    as: 'tool',
    configuration,
    ...(onStage === undefined ? {} : { onStage }),
  })
  try {
    const url = platform.cluster?.url ?? configuration.databaseUrl
    assert(url !== undefined, 'a platform without a cluster was given a database')
    const admin = await openClient(url)
    return {
      platform,
      admin: admin.client,
      createSandbox: (name) => createSandbox(platform, name),
      close: async () => {
        await admin.close()
        await platform.close()
      },
    }
  } catch (error) {
    await platform.close()
    throw error
  }
}
