import { relative } from 'node:path'
import type { Platform } from './platform.ts'
import { RELEASE } from './release.ts'

const databaseOf = (platform: Platform): string =>
  platform.cluster === null
    ? 'your own, from DATABASE_URL'
    : `embedded PostgreSQL in ${platform.cluster.dataFolder}`

const folderOf = (platform: Platform): string => {
  const { dataDir } = platform.configuration
  const here = relative(process.cwd(), dataDir)
  return here.startsWith('..') ? dataDir : here
}

const NEXT_WITH_KEY = (address: string, key: string): string => `
  Sandbox key  ${key}
               Shown once; only its hash is kept. More: npx evenkeel keys create

  Try it
    export EVENKEEL_API_KEY=${key}
    npx evenkeel post /v1/payment_intents -d amount=1999 -d currency=eur -d confirm=true \\
      -d payment_method=pm_card_visa -d 'payment_method_types[]=card'
    npm run demo:launch    # a launch: proposed, signed, started, broken, stopped by itself
  The API      ${address}/docs
`

const NEXT = (address: string): string => `
  Keys         npx evenkeel keys create
  Proof        npx evenkeel verify
  API          ${address}/openapi.json
`

/** What is said once when the server is up: where it is, where its data are, and what to type next. */
export const banner = ({
  address,
  platform,
  key,
  backups,
}: {
  address: string
  platform: Platform
  key: string | null
  /** How old the newest backup is; null where no folder was chosen. */
  backups: string | null
}): string => `
  Evenkeel ${RELEASE}

  Address      ${address}
  Data folder  ${folderOf(platform)}
  Database     ${databaseOf(platform)}${backups === null ? '' : `\n  Backup       ${backups}`}
${key === null ? NEXT(address) : NEXT_WITH_KEY(address, key)}
  Ctrl-C stops it; npm start goes on where it was.

`
