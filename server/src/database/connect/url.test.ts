import assert from 'node:assert/strict'
import { test } from 'node:test'
import { showUrl, withDatabase, withLogin, withoutSessionName } from './url.ts'

test('another login keeps host, port, database and parameters', () => {
  const cases = [
    [
      'postgresql://admin:pw@db:5432/pay?sslmode=require',
      'postgresql://app:p%40%2F@db:5432/pay?sslmode=require',
    ],
    ['postgres://db/pay', 'postgres://app:p%40%2F@db/pay'],
    [
      'postgres://admin@/pay?host=/var/run/postgresql',
      'postgres://app:p%40%2F@/pay?host=/var/run/postgresql',
    ],
    ['postgresql://admin:a%40b@[::1]:5432/pay', 'postgresql://app:p%40%2F@[::1]:5432/pay'],
  ] as const
  for (const [url, wanted] of cases) assert.equal(withLogin(url, 'app', 'p@/'), wanted)
})

test('another database keeps login and parameters', () => {
  const cases = [
    [
      'postgresql://admin:pw@db:5432/pay?sslmode=require',
      'postgresql://admin:pw@db:5432/other?sslmode=require',
    ],
    ['postgres://db', 'postgres://db/other'],
    ['postgres://admin@db?sslmode=require', 'postgres://admin@db/other?sslmode=require'],
  ] as const
  for (const [url, wanted] of cases) assert.equal(withDatabase(url, 'other'), wanted)
})

test('a URL is shown without its password', () => {
  assert.equal(showUrl('postgresql://admin:pw@db:5432/pay'), 'postgresql://admin@db:5432/pay')
  assert.equal(showUrl('postgres://admin@db/pay'), 'postgres://admin@db/pay')
  assert.equal(showUrl('postgres://db/pay'), 'postgres://db/pay')
})

test('a name for sessions is taken out of a URL, and nothing else', () => {
  const cases = [
    ['postgres://db/pay?application_name=x', 'postgres://db/pay'],
    ['postgres://db/pay?application_name=x&sslmode=require', 'postgres://db/pay?sslmode=require'],
    ['postgres://db/pay?sslmode=require&application_name=x', 'postgres://db/pay?sslmode=require'],
    ['postgres://db/pay?a=1&application_name=x&b=2', 'postgres://db/pay?a=1&b=2'],
    ['postgres://db/pay', 'postgres://db/pay'],
  ] as const
  for (const [url, wanted] of cases) assert.equal(withoutSessionName(url), wanted)
})
