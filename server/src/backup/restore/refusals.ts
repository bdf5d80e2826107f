import { type Micros, SetupProblem } from '../../kit/index.ts'
import type { BackupManifest } from '../core/model.ts'
import { showMoment } from '../core/restore-moment.ts'
import type { BaseRefusal, RestoreWanted } from '../core/restore-plan.ts'

const LIST = 'npx evenkeel backup --list FOLDER shows what is there.'

/** Why a base cannot be chosen, in words. */
export const baseProblem = (
  folder: string,
  { to, backup }: RestoreWanted,
  refusal: BaseRefusal,
): SetupProblem => {
  const moment = to === null ? '' : showMoment(to)
  switch (refusal.kind) {
    case 'no_backup': {
      const { unfinished, damaged } = refusal
      const others = [
        ...(unfinished === 0 ? [] : [`${unfinished} never finished`]),
        ...(damaged === 0 ? [] : [`${damaged} damaged`]),
      ]
      const beside = others.length === 0 ? '' : ` (${others.join(', ')})`
      return new SetupProblem(
        `There is no whole backup in ${folder}${beside}`,
        'Give the folder of another copy. A backup is whole only once `evenkeel backup` has said so.',
      )
    }
    case 'unknown_backup':
      return new SetupProblem(
        `There is no backup ${backup} in ${folder}`,
        refusal.known.length === 0 ? LIST : `There are: ${refusal.known.join(', ')}.`,
      )
    case 'unfinished':
      return new SetupProblem(`The backup ${backup} was begun and never finished`, `Choose another: ${LIST}`)
    case 'damaged':
      return new SetupProblem(`The backup ${backup} is damaged: ${refusal.why}`, `Choose another: ${LIST}`)
    case 'before_oldest':
      return new SetupProblem(
        `${moment} is before the oldest backup in ${folder}, which was whole at ${refusal.endedAt}`,
        `Give --to a moment from ${refusal.endedAt} on, or a folder with older backups.`,
      )
    case 'before_backup':
      return new SetupProblem(
        `${moment} is before the backup ${backup} was whole, at ${refusal.endedAt}`,
        `Give --to a moment from ${refusal.endedAt} on, or leave --backup out.`,
      )
  }
}

export const missingLog = (folder: string, { id }: BackupManifest, segment: string): SetupProblem =>
  new SetupProblem(
    `The log that the backup ${id} needs is not in ${folder}: the segment ${segment} is missing`,
    'Put it back from another copy of the folder, give --wal the data folder that it may still lie in, or choose another --backup.',
  )

/** A moment of which the log does not tell: what is there is said, and nothing is made up. */
export const beyondLog = (folder: string, to: Micros, reach: Micros, hole: string | null): SetupProblem => {
  const end = showMoment(reach)
  return hole === null
    ? new SetupProblem(
        `${showMoment(to)} is later than the log in ${folder}, whose last transaction ended at ${end}`,
        'Leave --to out for all that is there. What was not shipped yet may lie in the old data folder: give it with --wal.',
      )
    : new SetupProblem(
        `${showMoment(to)} lies behind a hole in the log of ${folder}: the segment ${hole} is missing, and before it the last transaction ended at ${end}`,
        `Put the segment back from another copy, give --to a moment before ${end}, or choose a later --backup.`,
      )
}

/** Without a moment all is wanted; what lies behind a hole would be left out unsaid. */
export const holeInLog = (folder: string, reach: Micros, hole: string): SetupProblem =>
  new SetupProblem(
    `The log in ${folder} has a hole: the segment ${hole} is missing, and later ones are there`,
    `Put it back from another copy, or say that you want what was before it: --to with a moment before ${showMoment(reach)}.`,
  )

export const otherKey = ({ id }: BackupManifest): SetupProblem =>
  new SetupProblem(
    `This master key is not the one of the backup ${id}, so nothing that it holds encrypted could be read`,
    'Give the MASTER_KEY, or put the file master.key into DATA_DIR, that the database had when the backup was made. Where it was rotated since, both are needed: one in each line of the file, or MASTER_KEY="new old".',
  )

export const otherPostgres = ({ id, postgresVersion }: BackupManifest, major: number): SetupProblem =>
  new SetupProblem(
    `The backup ${id} was made by PostgreSQL ${Math.floor(postgresVersion / 10_000)}; this release runs PostgreSQL ${major}`,
    'Restore it with the release of Evenkeel that made it.',
  )
