/** A planted bug: a change of one place in the code, and the test by name that must go red. */
export type Mutant = {
  readonly name: string
  /** Below server/. */
  readonly file: string
  /** Must stand there exactly once, so that a mutant that no longer applies is noticed. */
  readonly find: string
  readonly replace: string
  /** The test file, below server/, and the name of the test in it. */
  readonly test: string
  readonly named: string
  /** Pure ones are played in CI as a test of the tests; the others need PostgreSQL. */
  readonly cost: 'pure' | 'db'
}

const CORE = 'src/ledger/core'
const COMMIT = 'src/database/commit'

const core: readonly Mutant[] = [
  {
    name: 'skip the check of the debit account’s limit',
    file: `${CORE}/transfers.ts`,
    find: 'debits > debit.creditsPosted',
    replace: 'debits < 0n',
    test: `${CORE}/transfers.test.ts`,
    named: 'a limit may be reached and not passed',
    cost: 'pure',
  },
  {
    name: 'a hold does not count against the limit',
    file: `${CORE}/transfers.ts`,
    find: 'const debits = amount + debit.debitsPending + debit.debitsPosted',
    replace: 'const debits = amount + debit.debitsPosted',
    test: `${CORE}/transfers.test.ts`,
    named: 'a limit may be reached and not passed',
    cost: 'pure',
  },
  {
    name: 'swap two checks: code before ledger',
    file: `${CORE}/accounts.ts`,
    find: "  if (command.ledger === 0) return 'ledger_must_not_be_zero'\n  if (command.code === 0) return 'code_must_not_be_zero'",
    replace:
      "  if (command.code === 0) return 'code_must_not_be_zero'\n  if (command.ledger === 0) return 'ledger_must_not_be_zero'",
    test: `${CORE}/accounts.test.ts`,
    named: 'come in the order of the list',
    cost: 'pure',
  },
  {
    name: 'a broken chain is not undone',
    file: `${CORE}/batch.ts`,
    find: '        books.rollback(chainMark)\n',
    replace: '',
    test: `${CORE}/batch.test.ts`,
    named: 'that is undone gives its times and its numbers back',
    cost: 'pure',
  },
  {
    name: 'an open chain is let pass at the end of a request',
    file: `${CORE}/batch.ts`,
    find: "if (linked && last) return 'linked_event_chain_open'",
    replace: 'if (false) return undefined as never',
    test: `${CORE}/batch.test.ts`,
    named: 'never reaches into the next request',
    cost: 'pure',
  },
  {
    name: 'burn nothing',
    file: `${CORE}/transfers.ts`,
    find: 'if (burns(status)) books.burn(command.id, status)',
    replace: 'if (burns(status)) return',
    test: `${CORE}/repeats.test.ts`,
    named: 'stays failed when its reason is gone',
    cost: 'pure',
  },
  {
    name: 'a hold expires a microsecond late',
    file: `${CORE}/resolve.ts`,
    find: 'if (hold.expiresMicros === null || hold.expiresMicros > books.now) return false',
    replace: 'if (hold.expiresMicros === null || hold.expiresMicros >= books.now) return false',
    test: `${CORE}/expiry.test.ts`,
    named: 'happens when its time has come',
    cost: 'pure',
  },
  {
    name: 'an expiry takes no number of its own',
    file: `${CORE}/resolve.ts`,
    find: '  const timeMicros = books.nextTime()\n  const sequence = books.nextSequence()\n  const day',
    replace: '  const timeMicros = books.nextTime()\n  const sequence = 1n\n  const day',
    test: `${CORE}/expiry.test.ts`,
    named: 'gives back what was held',
    cost: 'pure',
  },
  {
    name: 'the totals of a day that is over are not kept',
    file: `${CORE}/post.ts`,
    find: '    books.addToDay(account.id, bookDay, debitsPosted - dailyDebits, creditsPosted - dailyCredits)\n',
    replace: '',
    test: `${CORE}/post.test.ts`,
    named: 'a posting on a later day',
    cost: 'pure',
  },
  {
    name: 'a void keeps the account closed',
    file: `${CORE}/resolve.ts`,
    find: 'closed: debit.closed && !opensDebit',
    replace: 'closed: debit.closed',
    test: `${CORE}/resolve.test.ts`,
    named: 'an account that its own hold has closed',
    cost: 'pure',
  },
]

const commit: readonly Mutant[] = [
  {
    name: 'answer before the commit',
    file: `${COMMIT}/series.ts`,
    find: '  try {\n    await committed\n',
    replace: '  answer(options, ready, batch, speculated?.draft)\n  try {\n    await committed\n',
    test: `${COMMIT}/retries.test.ts`,
    named: 'before the database has said that it committed',
    cost: 'pure',
  },
  {
    name: 'take ROLLBACK for COMMIT',
    file: `${COMMIT}/transaction.ts`,
    find: "last?.status === 'fulfilled' && last.value.command === 'COMMIT' && failed === undefined",
    replace: "last?.status === 'fulfilled'",
    test: `${COMMIT}/retries.test.ts`,
    named: 'with success, when COMMIT is answered with ROLLBACK',
    cost: 'pure',
  },
  {
    name: 'trust what is in memory whatever the head row says',
    file: `${COMMIT}/memory.ts`,
    find: 'return version?.batch === head.batch || set.isEmpty()',
    replace: 'return version !== head || set.isEmpty()',
    test: `${COMMIT}/processes.test.ts`,
    named: 'see each other’s rows',
    cost: 'pure',
  },
  {
    name: 'count what was decided ahead though another came between',
    file: `${COMMIT}/series.ts`,
    find: 'head.batch === batch.batch && head.clockOffsetMicros === batch.clockOffsetMicros',
    replace: 'head.clockOffsetMicros === batch.clockOffsetMicros',
    test: `${COMMIT}/processes.test.ts`,
    named: 'never lose an addition',
    cost: 'pure',
  },
  {
    name: 'what a unit threw is not undone',
    file: `${COMMIT}/decide-all.ts`,
    find: '      draft.rollback(mark)\n',
    replace: '',
    test: `${COMMIT}/poison.test.ts`,
    named: 'is answered alone, and what it had done already is undone',
    cost: 'pure',
  },
  {
    name: 'the search for a poison drops half of the batch',
    file: `${COMMIT}/recovery.ts`,
    find: 'entries.slice(half)',
    replace: 'entries.slice(entries.length)',
    test: `${COMMIT}/poison.test.ts`,
    named: 'is found wherever it stands',
    cost: 'pure',
  },
  {
    name: 'a rollback forgets the counters',
    file: `${COMMIT}/draft.ts`,
    find: '    this.counters = to.counters\n',
    replace: '',
    test: `${COMMIT}/draft.test.ts`,
    named: 'takes back rows, lists and counters',
    cost: 'pure',
  },
  {
    name: 'an idempotency key serves any request',
    file: `${COMMIT}/claims.ts`,
    find: "if (!row.digest.equals(claim.digest)) return { kind: 'key_reused' }",
    replace: "if (row.digest.length === 0) return { kind: 'key_reused' }",
    test: `${COMMIT}/claims.test.ts`,
    named: 'is refused with another request',
    cost: 'pure',
  },
  {
    name: 'take over a claim whose worker still lives',
    file: `${COMMIT}/claims.ts`,
    find: 'if (leaseLives ||',
    replace: 'if (',
    test: `${COMMIT}/claims.test.ts`,
    named: 'is 409 for everybody else while the lease lives',
    cost: 'pure',
  },
]

const database: readonly Mutant[] = [
  {
    name: 'drop the head row’s lock',
    file: `${COMMIT}/head.ts`,
    find: 'from database.heads where tenant = $1 for update',
    replace: 'from database.heads where tenant = $1',
    test: `${COMMIT}/commit.db.test.ts`,
    named: 'two processes add to one pot at once',
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
    test: 'src/ledger/verify/verify.db.test.ts',
    named: 'it proves one moment while money moves',
    cost: 'db',
  },
]

/** Every one of them must be caught. */
export const MUTANTS: readonly Mutant[] = [...core, ...commit, ...database]
