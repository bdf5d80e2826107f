import type { Mutant } from './mutant.ts'

const COMMIT = 'src/database/commit'
const STORE = 'src/ledger/store'

/** What only PostgreSQL can show. */
export const databaseMutants: readonly Mutant[] = [
  {
    name: 'drop the head row’s lock',
    file: `${COMMIT}/head.ts`,
    find: 'from database.heads where tenant = $1 for update',
    replace: 'from database.heads where tenant = $1',
    test: `${COMMIT}/commit.db.test.ts`,
    named: 'while one process is between its lock and its COMMIT',
    cost: 'db',
  },
  {
    name: 'the tenant stays set on the connection',
    file: `${COMMIT}/head.ts`,
    find: "set_config('evenkeel.tenant', $1, true)",
    replace: "set_config('evenkeel.tenant', $1, false)",
    test: `${COMMIT}/commit.db.test.ts`,
    named: 'carries no tenant to whoever uses it next',
    cost: 'db',
  },
  {
    name: 'synchronous_commit off',
    file: 'src/database/connect/pools.ts',
    find: 'plan_cache_mode=force_custom_plan',
    replace: 'synchronous_commit=off',
    test: `${COMMIT}/commit.db.test.ts`,
    named: 'waits for the disk',
    cost: 'db',
  },
  {
    name: 'the app may update transfers',
    file: 'migrations/0004_ledger.sql',
    find: "select database.protect('ledger.transfers', 'select, insert');",
    replace: "select database.protect('ledger.transfers', 'select, insert, update');",
    test: 'test/isolation/immutable.db.test.ts',
    named: 'can change only what is listed',
    cost: 'db',
  },
  {
    name: 'store a fault as the outcome of its key',
    file: `${COMMIT}/decide-all.ts`,
    find: '      draft.rollback(mark)\n',
    replace: `      draft.rollback(mark)
      const { claim } = entry.unit
      const reply = { status: 503, body: '{}', objectId: null, code: 'away' }
      if (claim !== null) storeClaim(draft, claim, { kind: 'answer', answer: null, reply })
`,
    test: `${COMMIT}/claims.db.test.ts`,
    named: 'keeps no fault and no bug',
    cost: 'db',
  },
  {
    name: 'give the same event number twice',
    file: `${COMMIT}/events.ts`,
    find: '  draft.counters = { ...draft.counters, eventSequence: sequence }\n',
    replace: '',
    test: `${COMMIT}/commit.db.test.ts`,
    named: 'events are numbered without a gap',
    cost: 'db',
  },
  {
    name: 'fire timers by the wall clock',
    file: `${COMMIT}/tenant-clock.ts`,
    find: '::bigint + h.clock_offset_micros)',
    replace: '::bigint)',
    test: 'src/database/timers/worker.db.test.ts',
    named: 'goes by the tenant’s clock',
    cost: 'db',
  },
  {
    name: 'a table without its policy',
    file: 'migrations/0004_ledger.sql',
    find: "select database.protect('ledger.holds', 'select, insert');",
    replace: 'grant select, insert on ledger.holds to evenkeel_app;',
    test: 'test/isolation/tenants.db.test.ts',
    named: 'sees no row of another tenant, in any table',
    cost: 'db',
  },
  {
    name: 'drop the ledger from the append’s join',
    file: `${STORE}/writer.ts`,
    find: 'join touched c on c.id = t.credit_account and c.ledger = t.ledger',
    replace: 'join touched c on c.id = t.credit_account',
    test: 'test/isolation/bounds.db.test.ts',
    named: 'between two ledgers, as the first would have it',
    cost: 'db',
  },
  {
    name: 'drop the limits from the append’s join',
    file: `${STORE}/writer.ts`,
    find: '     and (d.flags & 2 = 0 or t.ddp + t.ddo <= t.dco)',
    replace: '     and true',
    test: 'test/isolation/bounds.db.test.ts',
    named: 'over the limit of its debit account',
    cost: 'db',
  },
  {
    name: 'append fewer rows than were given',
    file: `${STORE}/writer.ts`,
    find: "expectRows('select count(*) from appended', '$28')",
    replace: "'$28::bigint'",
    test: 'test/isolation/bounds.db.test.ts',
    named: 'from an account that is not there',
    cost: 'db',
  },
  {
    name: 'do not flush the daily totals',
    file: `${STORE}/writer.ts`,
    find: 'totals.length > 0 ?',
    replace: 'totals.length < 0 ?',
    test: 'src/ledger/routes/past.db.test.ts',
    named: 'balances of the past, statements and trial balances',
    cost: 'db',
  },
  {
    name: 'look for a hold that nobody declared',
    file: 'src/ledger/routes/replies.ts',
    find: "const shown = status === 'created' || status === 'exists' ? made.transfer(id) : undefined",
    replace: 'const shown = made.transfer(id)',
    test: 'src/ledger/routes/replies.db.test.ts',
    named: 'names the difference',
    cost: 'db',
  },
]
