import { SetupProblem } from '../kit/index.ts'
import type { Marker } from './core/marker.ts'
import type { Refusal, TargetStand } from './core/stand.ts'

type Found = { readonly stand: TargetStand; readonly to: string; readonly marker: Marker | null }

const GIVE_UP = 'evenkeel move --give-up'

/** Why a move is not begun, and what to do. */
export const refusalOf = (why: Refusal, { stand, to, marker }: Found): SetupProblem => {
  switch (why) {
    case 'moved_elsewhere':
      return new SetupProblem(
        `This database was moved to ${marker?.to} on ${marker?.movedAt}; what is here is the old copy`,
        `Set DATABASE_URL to ${marker?.to}. To go on to another PostgreSQL from there, use its own tools.`,
      )
    case 'moving_elsewhere':
      return new SetupProblem(
        `A move to ${marker?.to} has begun and is not finished`,
        `Finish it with that address, or give it up with ${GIVE_UP} before you move to ${to}.`,
      )
    case 'another_move':
      return new SetupProblem(
        `${to} holds an unfinished move of another database, or one that was given up`,
        'Drop that database, make it anew, and move again; or give the address of another one.',
      )
    case 'taken':
      return new SetupProblem(
        `${to} is not empty: it has the schemas ${stand.kind === 'taken' ? stand.schemas.join(', ') : ''}`,
        'Give a database that holds nothing of Evenkeel’s and no schema of these names: create database evenkeel;',
      )
  }
}

/** For a server, which must not serve books that live elsewhere or are on their way. */
export const refuseToServe = (marker: Marker, folder: string): SetupProblem =>
  marker.state === 'moved'
    ? new SetupProblem(
        `The database in ${folder} was moved to ${marker.to} on ${marker.movedAt}: it is an old copy that only verify, doctor and their like may read`,
        `Set DATABASE_URL to that database and start again. What is set now leads to the old copy.`,
      )
    : new SetupProblem(
        `The database in ${folder} is being moved to ${marker.to}, since ${marker.begunAt}, and is read-only`,
        `Run evenkeel move with that address again: it goes on. Or go on here after ${GIVE_UP}.`,
      )

/** For a command that would change something. */
export const refuseToWrite = (marker: Marker): SetupProblem =>
  marker.state === 'moved'
    ? new SetupProblem(
        `These books were moved to ${marker.to} on ${marker.movedAt}; nothing may be changed in the old copy`,
        'Set DATABASE_URL to that database.',
      )
    : new SetupProblem(
        `These books are being moved to ${marker.to}; until then nothing may be changed here`,
        `Run evenkeel move with that address again: it goes on. Or give it up with ${GIVE_UP}.`,
      )
