// Every law of tidiness is broken here on purpose, and precisely that law must notice.
// What the laws look for is written in halves, so that they do not find it in this file.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { House } from '../architecture/house.ts'
import { tidiness } from '../architecture/laws.ts'
import { complaints, houseWith, houseWithLine, houseWithout } from '../architecture/planted.ts'
import { EXCEPTIONS } from './sizes.ts'

const CODE = 'server/src/kit/assert.ts'
const TEST = 'server/src/ledger/store.test.ts'

const lines = (count: number): string => '\n'.repeat(count)
const functionOf = (count: number): string => `export const long = () => {${lines(count - 1)}}`
const exceptions = (list: Record<string, number>): string => JSON.stringify(list)
const join = (...halves: string[]): string => halves.join('')
const lock = (packages: object): House => houseWith({ 'package-lock.json': JSON.stringify({ packages }) })
const rootManifest = (manifest: object): House => houseWith({ 'package.json': JSON.stringify(manifest) })

const planted: Record<string, Record<string, House>> = {
  sizes: {
    'a file of 401 lines': houseWithLine(CODE, `${lines(399)}export const last = 1`),
    'a function of 71 lines': houseWithLine(CODE, functionOf(71)),
    'a method of 71 lines': houseWithLine(CODE, `export class A { long() {${lines(70)}} }`),
    'a test of 71 lines': houseWithLine(TEST, `test('long', () => {${lines(70)}})`),
    'an exception that grew': houseWith({
      'server/src/kit/long.ts': functionOf(81),
      [EXCEPTIONS]: exceptions({ 'server/src/kit/long.ts#long': 80 }),
    }),
    'an exception that shrank': houseWith({
      'server/src/kit/long.ts': functionOf(79),
      [EXCEPTIONS]: exceptions({ 'server/src/kit/long.ts#long': 80 }),
    }),
    'an exception that is not needed any more': houseWith({ [EXCEPTIONS]: exceptions({ [CODE]: 500 }) }),
  },
  unfinished: {
    'a note for later': houseWithLine(CODE, `// ${join('TO', 'DO')}: later`),
    'a note in a migration': houseWithLine('server/migrations/0002_ledger.sql', `-- ${join('FIX', 'ME')}`),
    'a note in a script': houseWith({ 'scripts/run.sh': `# ${join('HA', 'CK')}` }),
  },
  runningTests: {
    'a skipped test': houseWithLine(TEST, `${join('test.sk', 'ip(')}'later', () => undefined)`),
    'a test that runs alone': houseWithLine(TEST, `${join('test.on', 'ly(')}'alone', () => undefined)`),
    'a test skipped by an option': houseWithLine(TEST, `test('later', { skip: true }, () => undefined)`),
    'a test skipped with a reason': houseWithLine(TEST, `test('later', { skip: 'slow' }, () => undefined)`),
    'a test skipped from inside': houseWithLine(TEST, `test('later', (t) => t.skip())`),
  },
  syntax: {
    any: houseWithLine(CODE, 'export const loose = (value: any) => value'),
    'a non-null assertion': houseWithLine(CODE, 'export const first = (list: string[]) => list.at(0)!'),
    'an enum': houseWithLine(CODE, 'export enum Colour { Red }'),
    'a parameter property': houseWithLine(
      CODE,
      'export class A { constructor(private readonly a: string) {} }',
    ),
    'a namespace': houseWithLine(CODE, 'export namespace A { export const b = 1 }'),
    'a default export': houseWithLine(CODE, 'export default 1'),
    'a silenced checker': houseWithLine(CODE, `// @ts-${'ignore'}`),
  },
  names: {
    'a file in camel case': houseWith({ 'server/src/kit/longName.ts': '' }),
    'a file in snake case': houseWith({ 'server/src/kit/long_name.ts': '' }),
    'a folder with capitals': houseWith({ 'server/src/kit/Long/name.ts': '' }),
    'a file of utilities': houseWith({ 'server/src/kit/utils.ts': '' }),
    'a helper': houseWith({ 'server/src/kit/date-helper.ts': '' }),
    'a manager': houseWith({ 'server/src/kit/pool-manager.ts': '' }),
    'a service': houseWith({ 'server/src/kit/ledger.service.ts': '' }),
  },
  places: {
    'the home of a developer': houseWithLine('docs/GLOSSARY.md', `See ${join('/ho', 'me/')}ada/notes.`),
    'a folder of one machine': houseWithLine(CODE, `export const place = '${join('/wo', 'rk/')}main'`),
    'a host of packages': houseWithLine(
      'docs/GLOSSARY.md',
      `From https://${join('registry', '.npmjs', '.org')}/.`,
    ),
  },
  links: {
    'a page that is not there': houseWithLine('docs/ARCHITECTURE.md', '[gone](gone.md)'),
    'a heading that is not there': houseWithLine('docs/ARCHITECTURE.md', '[gone](GLOSSARY.md#gone)'),
  },
  packages: {
    'a range of versions': rootManifest({ dependencies: { fastify: '^5.0.0' } }),
    'a script without the set-up': rootManifest({ scripts: { start: 'node start.ts' } }),
    'a script with another set-up': rootManifest({ scripts: { prestart: 'npm ci', start: 'node start.ts' } }),
  },
  lockfile: {
    'an address to download from': lock({
      'node_modules/a': { integrity: 'sha512-…', resolved: 'https://a.test/a' },
    }),
    'a package without a digest': lock({ 'node_modules/a': { version: '1.0.0' } }),
    'a build for another system left out': lock({
      'node_modules/a': { integrity: 'sha512-…', optionalDependencies: { 'a-mac': '1.0.0' } },
    }),
    'no lock file': houseWithout('package-lock.json'),
  },
}

describe('the laws of tidiness notice what is planted', () => {
  for (const [law, cases] of Object.entries(planted))
    for (const [name, house] of Object.entries(cases))
      test(`${law}: ${name}`, () => {
        assert.deepEqual(complaints(house), [law])
      })

  test('and each has its plants', () => {
    assert.deepEqual(Object.keys(planted), Object.keys(tidiness))
  })

  test('runningTests: what needs another machine may say so', () => {
    assert.deepEqual(
      complaints(houseWithLine(TEST, `test('as root', { skip: !isRoot }, () => undefined)`)),
      [],
    )
  })

  test('sizes: a long describe() is a chapter, not a function', () => {
    assert.deepEqual(complaints(houseWithLine(TEST, `describe('all', () => {${lines(100)}})`)), [])
  })
})
