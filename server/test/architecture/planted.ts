// A small house that keeps every law, to plant one violation at a time in.

import assert from 'node:assert/strict'
import type { House, Law } from './house.ts'
import { architecture, tidiness } from './laws.ts'

const SET_UP = '"$npm_node_execpath" scripts/setup.mjs'

const PAGE = `
# Architecture

| folder | may import | owns schema |
|---|---|---|
| kit | – | – |
| database | kit | \`database\` |
| ledger | kit, database | \`ledger\` |
| main | everything | – |
| cli | sdk, main | – |
| sdk | – | – |

See [the word list](GLOSSARY.md#account).
`

const GOOD: Record<string, string> = {
  'docs/ARCHITECTURE.md': PAGE,
  'docs/GLOSSARY.md': '# Glossary\n\n## Account\n',
  'package.json': JSON.stringify({
    scripts: { prestart: SET_UP, start: 'exec node server/src/main/start.ts' },
    devDependencies: { typescript: '7.0.2' },
  }),
  'package-lock.json': JSON.stringify({
    packages: {
      '': { devDependencies: { typescript: '7.0.2' } },
      'node_modules/@evenkeel/server': { resolved: 'server', link: true },
      'node_modules/typescript': {
        integrity: 'sha512-…',
        optionalDependencies: { 'typescript-mac': '7.0.2' },
      },
      'node_modules/typescript/node_modules/typescript-mac': { dev: true, optional: true },
    },
  }),
  'server/package.json': JSON.stringify({
    name: '@evenkeel/server',
    exports: { '.': './src/main/index.ts' },
  }),
  'sdk/package.json': JSON.stringify({ name: '@evenkeel/sdk', exports: { '.': './src/index.ts' } }),
  'cli/package.json': JSON.stringify({ name: '@evenkeel/cli', dependencies: { '@evenkeel/server': '*' } }),
  'server/migrations/0001_database.sql': 'create schema database;\n',
  'server/migrations/0002_ledger.sql': 'create schema ledger;\n',
  'server/src/kit/index.ts': `export { newUuid } from './ids.ts'\nexport { assert } from './assert.ts'\n`,
  'server/src/kit/ids.ts': 'export const newUuid = (nowMs: number): string => String(nowMs)\n',
  'server/src/kit/assert.ts': 'export const assert = (condition: boolean): void => undefined\n',
  'server/src/database/index.ts': `export { query } from './query.ts'\n`,
  'server/src/database/query.ts': `export const query = async (text: string): Promise<string> => text\n`,
  'server/src/ledger/index.ts': `export { load } from './store.ts'\n`,
  'server/src/ledger/store.ts': `
import { query } from '../database/index.ts'
import { decide } from './core/decide.ts'
export const advice = 'choose another database.name, as database.ts says'
export const load = async () => decide(await query('select id from ledger.accounts'))
`,
  'server/src/ledger/core/decide.ts': `
import { assert } from '../../kit/index.ts'
import { BATCH } from '../limits.ts'
import { reasons } from './reasons.ts'
export const decide = (text: string) => ({ ok: text !== '', date: reasons.at(0), now: Math.max(1, BATCH) })
assert(true)
`,
  'server/src/ledger/limits.ts': 'export const BATCH = 8000\n',
  'server/src/ledger/core/reasons.ts': `export const reasons = ['accounts_must_be_different']\n`,
  'server/src/ledger/store.test.ts': `
import { test } from 'node:test'
import { start } from '../main/index.ts'
test('a test beside the code may enter any door', async () => { await start() })
`,
  'server/src/main/index.ts': `
import { load } from '../ledger/index.ts'
export const start = async () => load()
`,
  'sdk/src/index.ts': 'export const client = () => undefined\n',
  'cli/src/main.ts': `
import { client } from '@evenkeel/sdk'
import { start } from '@evenkeel/server'
await start()
client()
`,
}

/** The good house with some files written over or added. */
export const houseWith = (files: Record<string, string> = {}): House =>
  new Map(Object.entries({ ...GOOD, ...files }))

export const houseWithout = (path: string): House =>
  new Map(Object.entries(GOOD).filter(([known]) => known !== path))

/** The good house with a line added to one of its files. */
export const houseWithLine = (path: string, line: string): House =>
  houseWith({ [path]: `${GOOD[path] ?? ''}${line}\n` })

/** The page of the good house with one piece of it replaced. */
export const pageWith = (old: string, fresh: string): Record<string, string> => {
  assert.ok(PAGE.includes(old), `the page has no "${old}"`)
  return { 'docs/ARCHITECTURE.md': PAGE.replace(old, fresh) }
}

/** Files that are there and import nothing, as a broken reader would see them. */
export const houseWithoutImports = (): House =>
  new Map([...houseWith()].map(([path, text]) => [path, path.endsWith('.ts') ? '' : text]))

const laws: Record<string, Law> = { ...architecture, ...tidiness }

/** The names of the laws that complain. */
export const complaints = (house: House): string[] =>
  Object.entries(laws).flatMap(([name, law]) => (law(house).length > 0 ? [name] : []))
