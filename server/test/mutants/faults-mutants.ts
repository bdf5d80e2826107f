import type { Mutant } from './mutant.ts'

const CLUSTER = 'src/database/cluster'
const CONNECT = 'src/database/connect'

/** What goes wrong outside: disks, clocks, power. */
export const faultsMutants: readonly Mutant[] = [
  {
    name: 'a PostgreSQL that died of a full disk is not waited for',
    file: `${CLUSTER}/watch.ts`,
    find: 'if (!(error instanceof FullDisk)) throw error',
    replace: 'if (error instanceof Error) throw error',
    test: `${CLUSTER}/watch.test.ts`,
    named: 'of a full disk is started again when there is space',
    cost: 'pure',
  },
  {
    name: 'whatever keeps PostgreSQL from starting is waited for',
    file: `${CLUSTER}/watch.ts`,
    find: 'if (!(error instanceof FullDisk)) throw error',
    replace: 'if (!(error instanceof Error)) throw error',
    test: `${CLUSTER}/watch.test.ts`,
    named: 'of anything else is given up',
    cost: 'pure',
  },
  {
    name: 'a reached quota is a bug',
    file: `${CONNECT}/sqlstate.ts`,
    find: 'No space left on device|Disk quota exceeded|File too large',
    replace: 'No space left on device',
    test: `${CONNECT}/sqlstate.test.ts`,
    named: 'a disk is full by its code',
    cost: 'pure',
  },
  {
    name: 'a damaged page is a bug of ours',
    file: `${CONNECT}/database-fault.ts`,
    find: '  if (isDamage(error)) return databaseDamaged(error)\n',
    replace: '',
    test: 'src/main/database-trouble.test.ts',
    named: 'a damaged page is database_damaged',
    cost: 'pure',
  },
  {
    name: 'damage is hidden behind a database that is away',
    file: `${CONNECT}/database-fault.ts`,
    find: 'if (!(error instanceof Fault)) return faultOfDatabase(error)',
    replace:
      'if (!(error instanceof Fault)) return faultOfDatabase(error)\n  if (error.cause !== undefined) return error',
    test: 'src/main/database-trouble.test.ts',
    named: 'is looked through where somebody made a fault of it already',
    cost: 'pure',
  },
  {
    name: 'damage is told to clients only',
    file: 'src/main/database-trouble.ts',
    find: "if (fault?.code === 'database_damaged')\n      log.error(",
    replace: "if (fault?.code === 'database_full')\n      log.error(",
    test: 'src/main/database-trouble.test.ts',
    named: 'that is damage is told in the log with its place',
    cost: 'pure',
  },
  {
    name: 'a read that met a failure of the database is a bug',
    file: 'src/http/send.ts',
    find: '  const fault = door.faultOf(error)\n',
    replace:
      "  const fault = error instanceof Error && error.name === 'Fault' ? door.faultOf(error) : null\n",
    test: 'src/http/door.test.ts',
    named: 'are a fault where main knows the error that was thrown',
    cost: 'pure',
  },
  {
    name: 'the power fails, and commits did not wait for the disk',
    file: `${CONNECT}/pools.ts`,
    find: 'plan_cache_mode=force_generic_plan',
    replace: 'synchronous_commit=off',
    test: 'test/faults/power-cut.e2e.test.ts',
    named: 'the power fails under load',
    cost: 'db',
  },
  {
    name: 'a clock that is far behind is passed over in silence',
    file: 'src/database/commit/head.ts',
    find: 'if (frozenMicros === null && time + CLOCK_BEHIND_MOST_MICROS < newestMicros) {',
    replace: 'if (frozenMicros !== null && time + CLOCK_BEHIND_MOST_MICROS < newestMicros) {',
    test: 'test/faults/clock-jumps.e2e.test.ts',
    named: 'clocks jump back and forward under load',
    cost: 'db',
  },
  {
    name: 'a torn map of free space ends the backup',
    file: 'src/backup/copy-file.ts',
    find: "if (verdict === 'bad' && !isMadeAnew) {",
    replace: "if (verdict === 'bad') {",
    test: 'src/backup/copy-file.test.ts',
    named: 'a map of free space that a power cut left half written',
    cost: 'pure',
  },
]
