// Every law of the architecture is broken here on purpose, and precisely that law must notice.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { House } from './house.ts'
import { architecture } from './laws.ts'
import {
  complaints,
  houseWith,
  houseWithLine,
  houseWithout,
  houseWithoutImports,
  pageWith,
} from './planted.ts'

const STORE = 'server/src/ledger/store.ts'
const CORE = 'server/src/ledger/core/decide.ts'

const planted: Record<string, Record<string, House>> = {
  doors: {
    'a folder entered past its door': houseWithLine(STORE, `export { newUuid } from '../kit/ids.ts'`),
    'a type fetched past a door': houseWithLine(STORE, `export type Id = import('../kit/ids.ts').Id`),
    'a package entered past its door': houseWithLine(
      'cli/src/main.ts',
      `await import('../../server/src/main/start.ts')`,
    ),
    'a test that enters past a door': houseWithLine(
      'server/src/ledger/store.test.ts',
      `import '../database/query.ts'`,
    ),
  },
  floors: {
    'a folder that imports what its row does not name': houseWithLine(
      'server/src/kit/assert.ts',
      `import '@evenkeel/sdk'`,
    ),
    'the sdk seeing the server': houseWithLine('sdk/src/index.ts', `import '@evenkeel/server'`),
    'the command line seeing a folder behind main': houseWithLine(
      'cli/src/main.ts',
      `import '../../server/src/ledger/index.ts'`,
    ),
    'code that imports a test': houseWithLine(STORE, `import './store.test.ts'`),
    'a folder without a row': houseWith({ 'server/src/audit/index.ts': '' }),
    'a file in no folder': houseWith({ 'server/src/stray.ts': '' }),
    'a row without a folder': houseWith(pageWith('| sdk |', '| risk | – | – |\n| sdk |')),
    'two rows for a folder': houseWith(pageWith('| sdk |', '| kit | sdk | – |\n| sdk |')),
    'a row that lets in an unknown folder': houseWith(pageWith('sdk, main', 'sdk, main, mian')),
    'a page without the table': houseWith(pageWith('| folder |', '| room |')),
    'an empty graph': houseWithoutImports(),
  },
  cores: {
    'a core that waits': houseWithLine(CORE, 'export const wait = async () => undefined'),
    'a core that awaits at its top': houseWithLine(CORE, 'await decide("")'),
    'a core that reads the clock': houseWithLine(CORE, 'export const now = Date.now()'),
    'a core that measures': houseWithLine(CORE, 'export const now = performance.now()'),
    'a core that asks for chance': houseWithLine(CORE, 'export const dice = Math.random()'),
    'a core that takes a new id': houseWithLine(CORE, `import { newUuid } from '../../kit/index.ts'`),
    'a core that reads the environment': houseWithLine(CORE, `export const home = process.env`),
    'a core that fetches': houseWithLine(CORE, `export const page = () => fetch`),
    'a core that sets a timer': houseWithLine(CORE, `setTimeout(() => undefined, 1)`),
    'a core that prints': houseWithLine(CORE, `console.log('hello')`),
    'limits that read the environment': houseWith({
      'server/src/ledger/limits.ts': 'export const rows = Number(process.env)',
    }),
    'a core that imports from Node': houseWithLine(CORE, `import 'node:crypto'`),
    'a core that imports a package': houseWithLine(CORE, `import 'pg'`),
    'a core that imports the database': houseWithLine(CORE, `import '../../database/index.ts'`),
  },
  tables: {
    "another folder's table in a statement": houseWithLine(
      STORE,
      'export const sql = `select 1 from database.idempotency_keys`',
    ),
    "another folder's table in quotes": houseWithLine(
      STORE,
      `export const sql = 'select 1 from "database"."heads"'`,
    ),
    "another folder's table in a piece of a statement": houseWithLine(
      STORE,
      'export const sql = `join accounts as a using (id) where database.heads.tenant = a.tenant`',
    ),
    "another folder's table for a query builder": houseWithLine(
      STORE,
      `export const table = 'database.heads as h'`,
    ),
    'a schema that is not called as its folder': houseWith({
      ...pageWith('`ledger`', '`books`'),
      'server/migrations/0002_ledger.sql': 'create schema books;\n',
      [STORE]: `import { decide } from './core/decide.ts'\nexport const load = () => decide('')\n`,
    }),
    'a schema without an owner': houseWith({ 'server/migrations/0003_risk.sql': 'create schema risk;\n' }),
    'an owner without a schema': houseWithout('server/migrations/0002_ledger.sql'),
  },
  cycles: {
    'two files in a circle': houseWithLine('server/src/ledger/core/reasons.ts', `import './decide.ts'`),
    'three files in a circle': houseWith({
      'server/src/kit/a.ts': `import './b.ts'`,
      'server/src/kit/b.ts': `import './c.ts'`,
      'server/src/kit/c.ts': `import type { A } from './a.ts'`,
    }),
    'two folders in a circle': houseWith({
      ...pageWith('| database | kit |', '| database | kit, ledger |'),
      'server/src/ledger/index.ts': 'export const reasons = 1\n',
      'server/src/database/index.ts': `export { reasons } from '../ledger/index.ts'\nexport const query = 1\n`,
      'server/src/main/index.ts': `import '../ledger/index.ts'\nexport const start = 1\n`,
    }),
  },
}

describe('the laws of the architecture notice what is planted', () => {
  test('and leave a good house alone', () => {
    assert.deepEqual(complaints(houseWith()), [])
  })

  test('and each has its plants', () => {
    assert.deepEqual(Object.keys(planted), Object.keys(architecture))
  })

  for (const [law, cases] of Object.entries(planted))
    for (const [name, house] of Object.entries(cases))
      test(`${law}: ${name}`, () => {
        assert.deepEqual(complaints(house), [law])
      })
})
