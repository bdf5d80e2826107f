import type { ClientBase } from 'pg'
import { askRows } from './ask.ts'
import type { OurTable } from './our-tables.ts'
import { Sheet } from './sheet.ts'

/** What each setting must be so that what was confirmed stays. */
const WANTED: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['fsync', (value: string) => value === 'on'],
  ['full_page_writes', (value: string) => value === 'on'],
  ['synchronous_commit', (value: string) => value !== 'off'],
  ['data_checksums', (value: string) => value === 'on'],
  ['zero_damaged_pages', (value: string) => value === 'off'],
  ['ignore_checksum_failure', (value: string) => value === 'off'],
])

/** Settings that a role or database has of its own, which this session may not see in force. */
const OVERRIDES = `
select coalesce(nullif(pg_get_userbyid(s.setrole)::text, 'unknown (OID=0)'), 'every role') as role, setting
  from pg_db_role_setting s, unnest(s.setconfig) setting
 where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
   and setting ~ '^(fsync|full_page_writes|zero_damaged_pages|ignore_checksum_failure|synchronous_commit)='`

const DAMAGED = `
select coalesce(checksum_failures, 0) as failures from pg_stat_database where datname = current_database()`

const SEQUENTIAL = `
set local enable_indexscan = off; set local enable_indexonlyscan = off; set local enable_bitmapscan = off;
set local enable_seqscan = on`

/** PostgreSQL refuses to read a page whose checksum is wrong, so a damaged one ends verify here, by its name. */
const readEveryPage = async (client: ClientBase, tables: readonly OurTable[]): Promise<void> => {
  await client.query('savepoint reading')
  await client.query(SEQUENTIAL)
  // Partitions are read through their parent, as the reader may not ask them themselves.
  const whole = tables.filter(({ isPartition }) => !isPartition)
  for (const { name } of whole) await client.query(`select count(*) from ${name}`)
  await client.query('rollback to savepoint reading')
}

/** Confirmed means on the disk, and damage to a page is noticed. */
export const checkDurability = async (
  client: ClientBase,
  tables: readonly OurTable[],
  mode: 'required' | 'noted',
): Promise<Sheet> => {
  const sheet = new Sheet(
    'durability',
    'What is confirmed is on the disk (fsync, full_page_writes, synchronous_commit), and pages have checksums: none has failed, or every table was read in full since.',
  )
  const tell = (what: string, details: Record<string, string>): void => {
    if (mode === 'required') sheet.find(null, what, details)
    else sheet.note(`${what}: ${Object.values(details).join(' ')}`)
  }
  const settings = await askRows<{ name: string; setting: string }>(
    client,
    'select name, setting from pg_settings where name = any($1)',
    [[...WANTED.keys()]],
  )
  for (const { name, setting } of settings) {
    if (WANTED.get(name)?.(setting) === false) tell('a setting gives up durability', { name, setting })
  }
  for (const { role, setting } of await askRows<{ role: string; setting: string }>(client, OVERRIDES)) {
    const [name = '', value = ''] = setting.split('=')
    if (WANTED.get(name)?.(value) === false) tell('a role or database gives up durability', { role, setting })
  }
  const [damaged] = await askRows<{ failures: bigint }>(client, DAMAGED)
  if (damaged !== undefined && damaged.failures > 0n) {
    await readEveryPage(client, tables)
    sheet.note(
      `pages failed their checksum ${damaged.failures} times, and every table can be read now: after a power cut it is the free space map, which PostgreSQL makes anew (its log says which)`,
    )
  }
  sheet.rows = settings.length
  return sheet
}
