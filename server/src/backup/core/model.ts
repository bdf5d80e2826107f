/**
 * What lies in a folder of backups. The shape is binding for who writes it and for who reads it:
 *
 *   evenkeel-backups.json        whose folder this is: written first, so that a stranger's folder is refused
 *   base/<id>/data/…             a copy of PostgreSQL's data folder, without its log
 *   base/<id>/manifest.json      written last and whole: a base without one was never finished
 *   wal/<segment>.zst            the log since the oldest base, segment by segment, each whole or absent
 *   wal/<timeline>.history.zst   where a life of the database branched off
 *
 * A moment can be restored when there is a finished base that ended before it, and every segment from that base's
 * first one up to the moment.
 */
export type FolderMark = {
  readonly object: 'evenkeel_backups'
  readonly format: 1
  /** PostgreSQL's own number of the cluster; a folder takes the backups of one. */
  readonly systemIdentifier: string
}

/** A file of the base copy, by its path below `data/`, with slashes. */
export type BackupFile = {
  readonly path: string
  readonly bytes: number
  /** Hexadecimal. */
  readonly sha256: string
}

export type BackupManifest = {
  readonly object: 'evenkeel_backup'
  readonly format: 1
  /** `20261123T014500Z-3f9a1c`: when it began, and six digits against two at once. Sorts by time. */
  readonly id: string
  /** ISO 8601 in UTC, by the database's clock. */
  readonly startedAt: string
  /** From this moment on everything that was acknowledged until then can be restored. */
  readonly endedAt: string
  /** Of Evenkeel, and the newest migration that had run. */
  readonly release: string
  readonly newestMigration: number
  /** `180004`, as server_version_num says it. */
  readonly postgresVersion: number
  readonly systemIdentifier: string
  readonly timeline: number
  /** As PostgreSQL writes them: `0/3000028`. */
  readonly startLsn: string
  readonly endLsn: string
  /** Names of 24 hexadecimal digits. All from the first to the last one are needed to open the copy at all. */
  readonly firstSegment: string
  readonly lastSegment: string
  /** Which master key opens it: the vault's fingerprint, in hexadecimal, which tells nothing about the key. */
  readonly masterKeyFingerprint: string
  readonly files: readonly BackupFile[]
  /** Empty folders that PostgreSQL wants to find. */
  readonly folders: readonly string[]
  /** Of all files together. */
  readonly bytes: number
  /** Pages of 8 KiB whose checksums were computed anew and agreed. */
  readonly pagesChecked: number
}

/** A base as `backup --list` shows it. */
export type BackupEntry =
  | { readonly kind: 'whole'; readonly manifest: BackupManifest }
  /** Begun and never finished: of a run that was killed, or that works at this moment. */
  | { readonly kind: 'unfinished'; readonly id: string }
  /** There is a manifest, and it cannot be read or does not agree with the files. */
  | { readonly kind: 'damaged'; readonly id: string; readonly why: string }
