import type { Mutant } from './mutant.ts'

const CORE = 'src/backup/core'
const RESTORE = 'src/backup/restore'
const CLUSTER = 'src/database/cluster'
const AUDIT = 'src/audit/core'

const PLAN = `${CORE}/restore-plan.test.ts`
const MOMENT = `${CORE}/restore-moment.test.ts`
const SEGMENT = `${CORE}/log-segment.test.ts`
const LOST = `${AUDIT}/lost-time.test.ts`
const WHOLE = `${RESTORE}/restore.db.test.ts`

const KILLED = 'that is killed half-way leaves no database'

/** In what is brought back, up to which moment, and in what the audit log makes of it. */
export const restoreMutants: readonly Mutant[] = [
  {
    name: 'a base that was not whole at the moment is taken for it',
    file: `${CORE}/restore-plan.ts`,
    find: 'endOf(one) <= to',
    replace: '(parseMoment(one.startedAt) ?? 0n) <= to',
    test: PLAN,
    named: 'not one that began before the moment and ended after it',
    cost: 'pure',
  },
  {
    name: 'what lies behind a hole in the log is left out unsaid',
    file: `${CORE}/restore-plan.ts`,
    find: 'there.some((one) => one > number)',
    replace: 'there.some((one) => one < 0n)',
    test: PLAN,
    named: 'ends before a hole, and says which segment is missing',
    cost: 'pure',
  },
  {
    name: 'the log of another life is replayed',
    file: `${CORE}/restore-plan.ts`,
    find: 'segment?.timeline === timeline',
    replace: 'segment !== null',
    test: PLAN,
    named: 'is of one life',
    cost: 'pure',
  },
  {
    name: 'an offset from Greenwich is added',
    file: `${CORE}/restore-moment.ts`,
    find: "sign === '-' ? -seconds : seconds",
    replace: "sign === '+' ? -seconds : seconds",
    test: MOMENT,
    named: '1970-01-01T01:00:00+01:00 is read to the microsecond',
    cost: 'pure',
  },
  {
    name: 'the end of the log is taken from an earlier use of the file',
    file: `${CORE}/log-segment.ts`,
    find: 'this.#bytes.readBigUInt64LE(this.#at + AT_ADDRESS) !== this.#first + BigInt(this.#at)',
    replace: 'this.#bytes.length === 0',
    test: SEGMENT,
    named: 'is not looked for in what stands there from an earlier use of the file',
    cost: 'pure',
  },
  {
    name: 'a restore excuses whatever was signed before it',
    file: `${AUDIT}/lost-time.ts`,
    find: 'time >= from && time <= until',
    replace: 'time <= until',
    test: LOST,
    named: 'excuse no head that was signed before it',
    cost: 'pure',
  },
  {
    name: 'a log that was cut off is excused as restored, whatever it says',
    file: `${AUDIT}/verify-chain.ts`,
    find: '    const binding = anchors.filter((anchor) => !isLost(anchor))\n',
    replace: '    const binding = anchors.filter((anchor) => isLost(anchor))\n',
    test: LOST,
    named: 'are a forgery where the log does not say so',
    cost: 'pure',
  },
  {
    name: 'a damaged file of a copy is restored',
    file: `${RESTORE}/copy-base.ts`,
    find: "digest.digest('hex') !== file.sha256",
    replace: "digest.digest('hex') === ''",
    test: WHOLE,
    named: 'is refused where a file of the copy does not agree with its checksum',
    cost: 'db',
  },
  {
    name: 'a segment that cannot be read passes for the end of the log',
    file: `${RESTORE}/feed-log.ts`,
    find: ' * 20} ] || exit 255',
    replace: ' * 20} ] || exit 1',
    test: WHOLE,
    named: 'ends where a segment of the log is damaged',
    cost: 'db',
  },
  {
    name: 'a copy stands under the name of the database before it is whole',
    file: `${CLUSTER}/recover.ts`,
    find: '}.unfinished`',
    replace: '}`',
    test: WHOLE,
    named: KILLED,
    cost: 'db',
  },
  {
    name: 'a start makes an empty database in the place of one that is being restored',
    file: `${CLUSTER}/create.ts`,
    find: '    refuseUnfinishedRestore(folder)\n',
    replace: '',
    test: WHOLE,
    named: KILLED,
    cost: 'db',
  },
  {
    name: 'the log is replayed past the moment',
    file: `${CLUSTER}/recover.ts`,
    find: '...(until === null ? {} :',
    replace: '...(until !== null ? {} :',
    test: WHOLE,
    named: KILLED,
    cost: 'db',
  },
]
