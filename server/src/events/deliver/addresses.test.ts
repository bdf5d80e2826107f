import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayReach, type Reach, reachOf } from './addresses.ts'
import { problemOfUrl } from './endpoint-url.ts'

const TABLE: readonly (readonly [Reach, readonly string[]])[] = [
  [
    'public',
    [
      '8.8.8.8',
      '1.1.1.1',
      '172.15.255.255',
      '172.32.0.1',
      '100.63.0.1',
      '100.128.0.1',
      '2606:4700::1111',
      '[2a00::1]',
    ],
  ],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0:0:0:0:0:0:0:1', '[::1]']],
  [
    'private',
    [
      ...[
        '0.0.0.0',
        '10.0.0.1',
        '100.64.0.1',
        '100.127.255.255',
        '169.254.169.254',
        '172.16.0.1',
        '172.31.255.255',
      ],
      ...[
        '192.0.0.1',
        '192.0.2.1',
        '192.88.99.1',
        '192.168.1.1',
        '198.18.0.1',
        '198.51.100.1',
        '203.0.113.1',
      ],
      ...[
        '224.0.0.1',
        '239.255.255.255',
        '240.0.0.1',
        '255.255.255.255',
        '::',
        'fe80::1',
        'fe80::1%eth0',
        'fc00::1',
      ],
      ...[
        'fd12:3456::1',
        'fec0::1',
        'ff02::1',
        '2001:db8::1',
        '2001::1',
        '2002:0a00:0001::',
        '64:ff9b::0a00:0001',
      ],
      ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::7f00:1', '100::1', '3fff::1'],
      ...['localhost', '', '127.1', '2130706433', '0x7f.0.0.1'],
    ],
  ],
]

test('what is not surely public is private, and this machine is itself', () => {
  for (const [reach, addresses] of TABLE)
    for (const address of addresses) assert.equal(reachOf(address), reach, address)
})

const CLOSED = { allowPrivate: false, isLocal: false }
const LOCAL = { allowPrivate: false, isLocal: true }
const OPEN = { allowPrivate: true, isLocal: false }

test('loopback is for sandboxes of a server that listens there, private networks for those who set it', () => {
  const may = (address: string) => [
    mayReach(address, CLOSED, false),
    mayReach(address, LOCAL, false),
    mayReach(address, LOCAL, true),
    mayReach(address, OPEN, true),
  ]
  assert.deepEqual(may('8.8.8.8'), [true, true, true, true])
  assert.deepEqual(may('127.0.0.1'), [false, true, false, true])
  assert.deepEqual(may('10.0.0.1'), [false, false, false, true])
})

test('URLs: http only in a sandbox, nothing hidden in them, no private address in any notation', () => {
  const table: readonly (readonly [string, boolean, string | null])[] = [
    ['https://example.com/hook?a=b', true, null],
    ['https://example.com:8443', true, null],
    ['http://example.com/hook', true, 'url_invalid'],
    ['http://example.com/hook', false, null],
    ['http://localhost:3000/hook', false, null],
    ['http://127.0.0.1:3000', false, null],
    ['https://127.0.0.1:3000', true, 'url_not_allowed'],
    ['http://10.0.0.1', false, 'url_not_allowed'],
    ['http://0x0a.1', false, 'url_not_allowed'],
    ['http://167772161/', false, 'url_not_allowed'],
    ['http://[::ffff:10.0.0.1]/', false, 'url_not_allowed'],
    ['https://user:pass@example.com', true, 'url_invalid'],
    ['https://example.com/#top', true, 'url_invalid'],
    ['ftp://example.com', false, 'url_invalid'],
    ['example.com', false, 'url_invalid'],
    ['https://', true, 'url_invalid'],
    ['javascript:alert(1)', false, 'url_invalid'],
  ]
  for (const [url, livemode, problem] of table) assert.equal(problemOfUrl(url, LOCAL, livemode), problem, url)
})
