import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Client } from 'pg'
import { openPotsDatabase, type PotsDatabase } from '../../test/support/pots-database.ts'
import { type Check, withClient } from '../database/index.ts'
import { SetupProblem, type TenantId } from '../kit/index.ts'
import { type AnchorPlace, openAnchors, rotateAnchorKey } from './anchors/anchors.ts'
import { anchorFileOf, readLines } from './anchors/file.ts'
import { readAnchorKey } from './anchors/key.ts'
import { hashOf, NO_HASH } from './core/entry.ts'
import { appendActAsOwner, OPERATOR, verifyAudit, verifyAuditChains } from './index.ts'

let world: PotsDatabase
let tenant: TenantId
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-audit-'))
const place: AnchorPlace = { folder: join(folder, 'anchors'), keyFile: join(folder, 'key') }
const clock = { now: () => 1_764_547_200_000 }

/** As a superuser: whom no policy, grant or constraint of ours holds back. */
const asSuperuser = (work: (client: Client) => Promise<void>): Promise<void> =>
  withClient(world.database.adminUrl, async (client) => {
    await client.query('begin')
    await work(client)
    await client.query('commit')
  })

const ENTRIES = 30
const ANCHORED = [7, 19, 25]

const act = async (count: number): Promise<void> =>
  asSuperuser(async (client) => {
    await client.query('set local role evenkeel_owner')
    for (let number = 0; number < count; number++) {
      const receipt = await appendActAsOwner(client, tenant, {
        actor: OPERATOR('ada'),
        action: 'launch.held',
        subject: `launch_${number}`,
        reason: null,
        before: null,
        after: { number },
      })
      if (ANCHORED.includes(receipt.position)) openAnchors(place, clock).write(tenant, receipt)
    }
  })

before(async () => {
  world = await openPotsDatabase()
  tenant = await world.addTenant()
  await act(ENTRIES)
})
after(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const verifying = async (
  more: Partial<Parameters<typeof verifyAudit>[1]> = {},
): Promise<readonly Check[]> => {
  const client = await world.pools.reader.connect()
  try {
    const options = {
      folder: place.folder,
      keyFile: place.keyFile,
      publicKeys: [],
      nameOf: (of: number) => `no. ${of}`,
    }
    return await verifyAudit(client, { ...options, ...more })
  } finally {
    client.release()
  }
}

const findingsOf = (checks: readonly Check[]) => checks.flatMap(({ findings }) => findings)

/** Hashes everything from a position on anew, as a forger would, so that the chain holds together. */
const rechain = async (client: Client, from: number): Promise<void> => {
  const { rows } = await client.query<{ position: bigint; content: string; hash: string }>(
    'select position, content, hash from audit.entries where tenant = $1 order by position',
    [tenant],
  )
  let previous = NO_HASH
  for (const [index, row] of rows.entries()) {
    const position = index + 1
    if (position >= from) {
      const content = JSON.stringify({ ...JSON.parse(row.content), position })
      row.hash = hashOf(previous, content)
      await client.query(
        `update audit.entries set content = $3, previous_hash = $4, hash = $5, position = $6
          where tenant = $1 and position = $2`,
        [tenant, row.position, content, previous, row.hash, position],
      )
    }
    previous = row.hash
  }
  if (rows.length === 0) await client.query('delete from audit.heads where tenant = $1', [tenant])
  await client.query('update audit.heads set position = $2, hash = $3 where tenant = $1', [
    tenant,
    rows.length,
    previous,
  ])
}

type Tamper = {
  readonly name: string
  readonly at: number
  readonly sql: string
  readonly rechained: boolean
}

const EDITS: readonly (readonly [name: string, sql: string])[] = [
  [
    'who',
    `update audit.entries set content = replace(content, '"ada"', '"eve"') where tenant = $1 and position = $2`,
  ],
  [
    'what',
    `update audit.entries set content = replace(content, 'launch.held', 'launch.gone'), action = 'launch.gone'
     where tenant = $1 and position = $2`,
  ],
  ['gone', 'delete from audit.entries where tenant = $1 and position = $2'],
  ['cut', 'delete from audit.entries where tenant = $1 and position >= $2'],
]

const TAMPERS: readonly Tamper[] = EDITS.flatMap(([name, sql]) =>
  [1, 7, 12, 25].flatMap((at) => [true, false].map((rechained) => ({ name, at, sql, rechained }))),
)

/** Runs with the log tampered with, and brings it back as it was. */
const tampered = async (tamper: Tamper, look: () => Promise<void>): Promise<void> => {
  await asSuperuser(async (client) => {
    await client.query('create table public.kept_entries as select * from audit.entries')
    await client.query('create table public.kept_heads as select * from audit.heads')
    await client.query(tamper.sql, [tenant, tamper.at])
    if (tamper.rechained) await rechain(client, tamper.at)
  })
  try {
    await look()
  } finally {
    await asSuperuser(async (client) => {
      await client.query('delete from audit.entries')
      await client.query('delete from audit.heads')
      await client.query('insert into audit.entries select * from public.kept_entries')
      await client.query('insert into audit.heads select * from public.kept_heads')
      await client.query('drop table public.kept_entries, public.kept_heads')
    })
  }
}

describe('verifying the audit log', () => {
  test('proves it, and says what is newer than the last head', async () => {
    const [chains, anchors] = await verifying()
    assert.ok(chains?.ok === true && anchors?.ok === true, JSON.stringify([chains, anchors]))
    assert.deepEqual([chains.rows, anchors.rows], [ENTRIES, ANCHORED.length])
    assert.ok(anchors.notes.includes(`no. ${tenant}: 5 entries are not yet anchored, all after position 25.`))
  })

  test('finds what a superuser did, whatever it was, up to the last head', async () => {
    assert.ok(TAMPERS.length >= 20)
    for (const tamper of TAMPERS) {
      await tampered(tamper, async () => {
        const [finding] = findingsOf(await verifying())
        const { name, at, rechained } = tamper
        const what = `${name} at ${at}${rechained ? ', chained anew' : ''}: ${JSON.stringify(finding)}`
        assert.ok(finding !== undefined && finding.tenant === tenant, what)
        const position = Number(finding.details['position'])
        const signed = ANCHORED.find((one) => one >= at)
        // Chained anew, it is seen at the next head that was signed, or where the entries end before that.
        if (!rechained) assert.ok(position >= at - 1 && position <= at, what)
        else assert.ok(position >= Math.min(at, position) && position <= (signed ?? 0), what)
      })
    }
    assert.deepEqual(findingsOf(await verifying()), [])
  })

  test('without heads sees what broke the chain, and not what was rewritten as a whole', async () => {
    const plain = async (): Promise<boolean> => {
      const client = await world.pools.reader.connect()
      try {
        await client.query('begin')
        const checks = await verifyAuditChains(client, [tenant])
        await client.query('rollback')
        return checks.every(({ ok }) => ok)
      } finally {
        client.release()
      }
    }
    const [broken, whole] = [TAMPERS[1], TAMPERS[0]]
    assert.ok(broken?.rechained === false && whole?.rechained === true)
    assert.equal(await plain(), true)
    await tampered(broken, async () => assert.equal(await plain(), false))
    await tampered(whole, async () => assert.equal(await plain(), true))
  })

  test('finds a log that is gone as a whole, unless the live one says that its sandbox was deleted', async () => {
    const all = {
      name: 'all',
      at: 1,
      sql: 'delete from audit.entries where tenant = $1 and $2 > 0',
      rechained: false,
    }
    await tampered(all, async () => {
      await asSuperuser(async (client) => {
        await client.query('delete from audit.heads')
      })
      const [finding] = findingsOf(await verifying())
      assert.match(finding?.what ?? '', /is gone, and no entry says that the sandbox was deleted/)
    })
  })
})

describe('the anchor file', () => {
  test('is asked for where there is none', async () => {
    await assert.rejects(verifying({ folder: join(folder, 'nowhere') }), SetupProblem)
  })

  test('is believed only as far as its signatures and a key that is known reach', async () => {
    const file = anchorFileOf(place.folder)
    const standing = readFileSync(file, 'utf8')
    const key = readAnchorKey(place.keyFile)
    assert.ok(key !== null)
    const other = { folder: join(folder, 'other'), keyFile: join(folder, 'other-key') }
    openAnchors(other, clock).write(tenant, { position: 3, hash: NO_HASH })
    try {
      assert.deepEqual(findingsOf(await verifying({ publicKeys: [key.publicKey] })), [])
      const stranger = readAnchorKey(other.keyFile)?.publicKey ?? ''
      assert.match(
        findingsOf(await verifying({ publicKeys: [stranger] }))[0]?.what ?? '',
        /nobody vouches for/,
      )
      // Without any key at hand the file is taken at its word, and that is said.
      const [, anchors] = await verifying({ keyFile: null })
      assert.match(anchors?.notes.join() ?? '', /give --public-key to be sure/)
      writeFileSync(file, standing + readFileSync(anchorFileOf(other.folder), 'utf8'))
      assert.match(findingsOf(await verifying())[0]?.what ?? '', /nobody vouches for/)
      writeFileSync(file, standing.replace('"position":7', '"position":8'))
      assert.match(findingsOf(await verifying())[0]?.what ?? '', /a signature that is not its own/)
    } finally {
      writeFileSync(file, standing)
    }
  })

  test('goes on under a new key, for those who know the new one and for those who know the old', async () => {
    const old = readAnchorKey(place.keyFile)?.publicKey ?? ''
    rotateAnchorKey(place, clock)
    const head = readLines(place.folder)?.lines.findLast((line) => 'position' in line)
    assert.ok(head !== undefined && 'position' in head)
    openAnchors(place, clock).write(tenant, head)
    assert.deepEqual(findingsOf(await verifying()), [])
    assert.deepEqual(findingsOf(await verifying({ publicKeys: [old] })), [])
    assert.deepEqual(findingsOf(await verifying({ keyFile: null })), [])
  })
})
