import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { hostsOf, wrongHosts } from './hosts.ts'
import { showUrl, withDatabase, withLogin } from './url.ts'

const URLS: readonly (readonly [url: string, hosts: readonly (readonly [name: string, url: string])[]])[] = [
  [
    'postgresql://a:b@db:5433/pay?sslmode=verify-full',
    [['db:5433', 'postgresql://a:b@db:5433/pay?sslmode=verify-full']],
  ],
  ['postgres://db', [['db:5432', 'postgres://db']]],
  [
    'postgresql://a:b@one:5432,two:5433/pay?target_session_attrs=read-write',
    [
      ['one:5432', 'postgresql://a:b@one:5432/pay'],
      ['two:5433', 'postgresql://a:b@two:5433/pay'],
    ],
  ],
  [
    'postgres://a@one,[::1]:6000,10.0.0.3/pay?sslmode=verify-full&load_balance_hosts=random',
    [
      ['one:5432', 'postgres://a@one/pay?sslmode=verify-full'],
      ['[::1]:6000', 'postgres://a@[::1]:6000/pay?sslmode=verify-full'],
      ['10.0.0.3:5432', 'postgres://a@10.0.0.3/pay?sslmode=verify-full'],
    ],
  ],
  [
    'postgresql://a:b@/pay?host=one,two&port=6000',
    [
      ['one:6000', 'postgresql://a:b@one:6000/pay'],
      ['two:6000', 'postgresql://a:b@two:6000/pay'],
    ],
  ],
  [
    'postgresql:///pay?host=%2Frun%2Fone,two&port=1,2',
    [
      ['/run/one:1', 'postgresql:///pay?host=%2Frun%2Fone&port=1'],
      ['two:2', 'postgresql://two:2/pay'],
    ],
  ],
]

test('the hosts of a URL are read as libpq writes them, each with a URL of its own', () => {
  for (const [url, wanted] of URLS) {
    const found = hostsOf(url)
    assert.deepEqual(
      found.map((host) => [host.name, host.url]),
      wanted,
      url,
    )
    assert.equal(wrongHosts(url), null, url)
  }
})

test('pg reads the same host, port and database from each of these URLs', () => {
  for (const { host, port, url } of URLS.flatMap(([url]) => hostsOf(url))) {
    const client = new pg.Client({ connectionString: url })
    assert.deepEqual([client.host.replace(/^\[|\]$/g, ''), client.port], [host, port], url)
    if (url.includes('/pay')) assert.equal(client.database, 'pay', url)
  }
})

test('no part of a password is taken for a host', () => {
  for (const url of ['postgresql://a:p@ss@one,two/pay', 'postgresql://a:100%@one,two/pay'])
    assert.deepEqual(
      hostsOf(url).map(({ name }) => name),
      ['one:5432', 'two:5432'],
    )
})

test('login, database and what is shown without a password hold for all hosts', () => {
  const url = 'postgresql://admin:pw@one:1,two:2/pay?sslmode=disable'
  assert.equal(withLogin(url, 'app', 'p@'), 'postgresql://app:p%40@one:1,two:2/pay?sslmode=disable')
  assert.equal(withDatabase(url, 'other'), 'postgresql://admin:pw@one:1,two:2/other?sslmode=disable')
  assert.equal(showUrl(url), 'postgresql://admin@one:1,two:2/pay?sslmode=disable')
})

test('what cannot be a list of hosts is refused with what to write', () => {
  const cases = [
    ['postgresql://a@one:5432,/pay', /an empty place/],
    ['postgresql://a@one:5432,two:70000/pay', /port/],
    ['postgresql://a@one:x/pay', /cannot be read/],
    ['postgresql://a@one:1:2/pay', /cannot be read/],
    ['postgresql://a@%zz,two/pay', /cannot be read/],
    ['postgresql://a@/pay?host=one,two,three&port=1,2', /cannot be read/],
    ['postgresql://a@one,two/pay?target_session_attrs=standby', /works on the primary only/],
    ['postgresql://a@one/pay?target_session_attrs=prefer-standby', /works on the primary only/],
  ] as const
  for (const [url, wrong] of cases) assert.match(wrongHosts(url)?.wrong ?? '', wrong, url)
})
