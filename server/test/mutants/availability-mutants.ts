import type { Mutant } from './mutant.ts'

const COMMIT = 'src/database/commit'
const EXPOSURE = 'src/exposure'
const CONNECT = 'src/database/connect'

/** What must hold when the primary of the database is another one than before. */
export const availabilityMutants: readonly Mutant[] = [
  {
    name: 'a batch is known by its number alone',
    file: `${COMMIT}/memory.ts`,
    find: 'one.batch === other.batch && one.id === other.id && (one.id !== null || one.batch === 0n)',
    replace: 'one.batch === other.batch',
    test: `${COMMIT}/failover.test.ts`,
    named: 'what is in memory is forgotten where another life',
    cost: 'pure',
  },
  {
    name: 'a lost COMMIT is looked up without waiting for the standby',
    file: `${COMMIT}/looking.ts`,
    find: '      findBatch(tenant, lost.batch),\n      COMMIT,',
    replace: '      findBatch(tenant, lost.batch),\n      { ...COMMIT, name: "rollback", text: "rollback" },',
    test: `${COMMIT}/failover.test.ts`,
    named: 'a lost COMMIT that is found is only told',
    cost: 'pure',
  },
  {
    name: 'an answer from an unseen batch is told without waiting for the standby',
    file: `${COMMIT}/transaction.ts`,
    find: 'head.batch === 0n || memory.hasSeen(tenant, head) ? ROLLBACK : COMMIT',
    replace: 'head.batch >= 0n || memory.hasSeen(tenant, head) ? ROLLBACK : COMMIT',
    test: `${COMMIT}/failover.test.ts`,
    named: 'what rests on a batch that this process has not seen',
    cost: 'pure',
  },
  {
    name: 'a COMMIT whose wait was cancelled counts',
    file: `${COMMIT}/connection.ts`,
    find: "if (result.command === 'COMMIT' && warnings.count !== before) throw doubted()",
    replace: "if (result.command === 'ROLLBACK' && warnings.count !== before) throw doubted()",
    test: `${COMMIT}/failover.test.ts`,
    named: 'a COMMIT that is answered with a warning',
    cost: 'pure',
  },
  {
    name: 'controls are known by their version alone',
    file: `${EXPOSURE}/memory.ts`,
    find: 'c.version <> $2 or md5(c.body::text) <> $3',
    replace: "c.version <> $2 or $3 = 'never'",
    test: `${EXPOSURE}/memory.db.test.ts`,
    named: 'controls of another life of the database',
    cost: 'db',
  },
  {
    name: 'a standby that commits do not wait for is fine',
    file: 'src/database/settings/standbys.ts',
    find: 'if (!isWanted) return',
    replace: 'if (!isWanted && count > 9) return',
    test: 'src/database/settings/standbys.test.ts',
    named: 'a standby that commits do not wait for',
    cost: 'pure',
  },
  {
    name: 'a standby is worked with',
    file: `${CONNECT}/standing.ts`,
    find: "if (isStandby) return 'is a standby'",
    replace: "if (isStandby && life !== null) return 'is a standby'",
    test: `${CONNECT}/standing.test.ts`,
    named: 'a machine is worked with unless',
    cost: 'pure',
  },
  {
    name: 'a primary that was replaced is worked with again',
    file: `${CONNECT}/standing.ts`,
    find: 'life.timeline < newer.timeline',
    replace: 'life.timeline > newer.timeline',
    test: `${CONNECT}/standing.test.ts`,
    named: 'a life is replaced by a later one',
    cost: 'pure',
  },
]
