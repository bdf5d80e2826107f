import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { TEST_MASTER_KEY_TEXT, withEmptyDatabase } from '../../../test/support/postgres.ts'
import { masterKeyFromText, rolePassword } from '../../vault/index.ts'
import { migrate } from '../migrate/migrate.ts'
import { prepareAccess } from './access.ts'
import { APP, OWNER, READER, withClient, withOwner } from './owner.ts'
import { withLogin } from './url.ts'

const key = masterKeyFromText(TEST_MASTER_KEY_TEXT)
const passwords = { app: rolePassword(key, 'app'), reader: rolePassword(key, 'reader') }

let database: Awaited<ReturnType<typeof withEmptyDatabase>>
before(async () => {
  database = await withEmptyDatabase()
})
after(() => database.close())

const roleFacts = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query(
      `select rolname as name, rolcanlogin as login, rolsuper or rolcreatedb or rolcreaterole or rolbypassrls as powerful,
              rolinherit as inherits
         from pg_roles where rolname like 'evenkeel\\_%' and rolname <> 'evenkeel_admin' and rolname not like '%test%' order by 1`,
    )
    return rows
  })

describe('roles', () => {
  test('the three are made with no more rights than they need, and a second start finds them', async () => {
    for (const _ of ['first start', 'second start']) await prepareAccess({ admin: database.url }, passwords)
    assert.deepEqual(await roleFacts(database.url), [
      { name: APP, login: true, powerful: false, inherits: false },
      { name: OWNER, login: false, powerful: false, inherits: true },
      { name: READER, login: true, powerful: false, inherits: false },
    ])
  })

  test('starts at once make them once', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => prepareAccess({ admin: database.url }, passwords)))
    assert.equal(new Set(all.map(({ appUrl }) => appUrl)).size, 1)
  })

  test('the reader’s transactions are read-only by themselves', async () => {
    const { readerUrl } = await prepareAccess({ admin: database.url }, passwords)
    const shown = await withClient(readerUrl, (client) => client.query('show transaction_read_only'))
    assert.equal(shown.rows[0]?.transaction_read_only, 'on')
  })

  test('a role that has another password is named, with what to do', async () => {
    await prepareAccess({ admin: database.url }, passwords)
    await assert.rejects(prepareAccess({ admin: database.url }, { ...passwords, app: 'another' }), {
      name: 'SetupProblem',
      message: /The role evenkeel_app exists in this server with another password/,
      fix: /DATABASE_APP_URL/,
    })
  })

  test('a URL that leads nowhere is named without its password', async () => {
    const admin = 'postgresql://admin:hidden@127.0.0.1:1/pay'
    await assert.rejects(prepareAccess({ admin }, passwords), (error: Error) => {
      assert.match(error.message, /DATABASE_URL does not lead to a database: postgresql:\/\/admin@127/)
      assert.doesNotMatch(JSON.stringify(error) + error.message, /hidden/)
      return true
    })
  })
})

describe('an administrator who is no superuser', () => {
  const name = `evenkeel_test_${randomBytes(4).toString('hex')}`
  const login = (): string => withLogin(database.url, name, 'pw')

  before(() => withClient(database.url, (client) => client.query(`create role ${name} login password 'pw'`)))
  after(() =>
    withClient(database.url, async (client) => {
      await client.query(`drop owned by ${name}`)
      await client.query(`drop role ${name}`)
    }),
  )

  test('without the right to grant is told which statements a superuser should run', async () => {
    await prepareAccess({ admin: database.url }, passwords)
    await assert.rejects(prepareAccess({ admin: login() }, passwords), {
      name: 'SetupProblem',
      message: /may not create or grant the roles/,
      fix: new RegExp(`grant evenkeel_owner to ${name};`),
    })
  })

  test('who may make roles but not let them into the database is told the same', async () => {
    const creator = `${name}_creator`
    const other = await withEmptyDatabase()
    await withClient(database.url, (client) =>
      client.query(`create role ${creator} login createrole password 'pw'`),
    )
    await withClient(database.url, (client) =>
      client.query(`grant ${OWNER}, ${APP} to ${creator} with admin option`),
    )
    try {
      await assert.rejects(prepareAccess({ admin: withLogin(other.url, creator, 'pw') }, passwords), {
        name: 'SetupProblem',
        fix: /grant connect, create on database test_/,
      })
    } finally {
      await other.close()
      await withClient(database.url, (client) =>
        client.query(`revoke ${APP} from ${OWNER} granted by ${creator} cascade; drop role ${creator}`),
      )
    }
  })

  test('with what those statements give can migrate and work', async () => {
    await withClient(database.url, (client) => client.query(`grant ${OWNER} to ${name}`))
    const { appUrl } = await prepareAccess({ admin: login() }, passwords)
    await migrate({ adminUrl: login(), release: 'test' })
    const seen = await withClient(appUrl, (client) => client.query('select count(*) from tenants.tenants'))
    assert.equal(seen.rows[0]?.count, 0n)
    const owners = await withOwner(login(), (owner) =>
      owner.query(
        `select distinct tableowner from pg_tables where schemaname in ('database', 'tenants', 'vault')`,
      ),
    )
    assert.deepEqual(owners.rows, [{ tableowner: OWNER }])
  })
})
