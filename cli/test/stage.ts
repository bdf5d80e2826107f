import type { Context } from '../src/context.ts'
import { isWatched, paintFor, wantsColour } from '../src/paint.ts'
import type { Door, Platform, Tenant, TenantId } from '../src/platform.ts'
import { run } from '../src/run.ts'
import type { Terminal } from '../src/terminal.ts'

/** What somebody would have seen, and how it ended. */
export type Played = { readonly code: number; readonly answer: string; readonly said: string }

export type Stage = {
  readonly platform?: Partial<Platform>
  readonly door?: Partial<Door>
  readonly environment?: Readonly<Record<string, string>>
  /** Both streams are terminals. */
  readonly isTerminal?: boolean
  readonly input?: string
  readonly fetch?: typeof globalThis.fetch
  readonly runProgram?: Context['runProgram']
  readonly interruption?: AbortSignal
  /** Each look at the clock moves it by this. */
  readonly tickMs?: number
}

const missing = (what: string) => (): never => {
  throw new Error(`the test has no ${what}`)
}

export const SANDBOX: Tenant = {
  id: 2 as TenantId,
  kind: 'sandbox',
  name: 'sandbox',
  timeZone: 'UTC',
  createdMs: 0,
}
export const LIVE: Tenant = { id: 1 as TenantId, kind: 'live', name: 'live', timeZone: 'UTC', createdMs: 0 }

const noPlatform: Platform = {
  tenants: {
    list: async () => [LIVE, SANDBOX],
    find: async (name) => [LIVE, SANDBOX].find((tenant) => tenant.name === name) ?? null,
    createSandbox: missing('createSandbox'),
    deleteSandbox: missing('deleteSandbox'),
    createKey: missing('createKey'),
    listKeys: missing('listKeys'),
    revokeKey: missing('revokeKey'),
    rollKey: missing('rollKey'),
  },
  people: {
    add: missing('adding people'),
    list: missing('listing people'),
    remove: missing('removing people'),
    renewKey: missing('keys of people'),
  },
  audit: {
    verify: missing('verifying the audit log'),
    publicKey: missing('the key of anchors'),
    rotateKey: missing('rotating the key of anchors'),
  },
  masterKey: {
    rotate: missing('rotating the master key'),
    status: missing('the standing of the master key'),
  },
  permissions: missing('permissions'),
  verify: missing('verify'),
  importFile: missing('importFile'),
  exportBooks: missing('exportBooks'),
  doctor: missing('doctor'),
  ages: async () => ({ kinds: [], aging: [] }),
  close: async () => undefined,
}

const terminalOf = (stage: Stage, streams: { answer: string; said: string }): Terminal => {
  const { environment = {}, isTerminal = false } = stage
  const paint = paintFor(wantsColour(environment, isTerminal))
  let nowMs = 0
  return {
    answer: (text) => {
      streams.answer += `${text}\n`
    },
    say: (text) => {
      streams.said += `${text}\n`
    },
    draw: (text) => {
      streams.said += text
    },
    paintAnswer: paint,
    paintSaid: paint,
    isWatched: isWatched(environment, isTerminal),
    width: 100,
    environment,
    nowMs: () => {
      nowMs += stage.tickMs ?? 0
      return nowMs
    },
    readInput: async () => stage.input ?? '',
    interruption: () => stage.interruption ?? new AbortController().signal,
  }
}

/** Runs one command line with a small platform and a terminal that remembers. */
export const play = async (line: string | readonly string[], stage: Stage = {}): Promise<Played> => {
  const streams = { answer: '', said: '' }
  const platform: Platform = { ...noPlatform, ...stage.platform }
  const door: Door = {
    openPlatform: async () => platform,
    startServer: missing('startServer'),
    showConfiguration: missing('showConfiguration'),
    hashOfAuditEntry: missing('hashOfAuditEntry'),
    verifyExport: missing('verifyExport'),
    moveDatabase: missing('moveDatabase'),
    giveMoveUp: missing('giveMoveUp'),
    backUp: missing('backUp'),
    endBackingUp: missing('endBackingUp'),
    listBackups: missing('listBackups'),
    checkBackups: missing('checkBackups'),
    whereMasterKeyIs: () => '/srv/evenkeel/master.key',
    restoreBackup: missing('restoreBackup'),
    ...stage.door,
  }
  const args = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line
  const code = await run(args, {
    terminal: terminalOf(stage, streams),
    loadDoor: async () => door,
    fetch: stage.fetch ?? missing('fetch'),
    runProgram: stage.runProgram ?? missing('runProgram'),
  })
  return { code, ...streams }
}

/** Tenants of which the test makes one method its own. */
export const tenantsWith = (own: Partial<Platform['tenants']>): Pick<Platform, 'tenants'> => ({
  tenants: { ...noPlatform.tenants, ...own },
})
