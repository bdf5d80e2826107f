import type { Migration } from './files.ts'

/** A row of database.migrations. */
export type Applied = { readonly number: number; readonly name: string; readonly sha256: string }

/** What a database is to this release: its migrations that are still to run, or why it must not be touched. */
export type Plan =
  | { readonly kind: 'run'; readonly pending: readonly Migration[] }
  | { readonly kind: 'edited'; readonly name: string }
  | { readonly kind: 'too_late'; readonly name: string; readonly after: string }
  | { readonly kind: 'too_old'; readonly newest: number; readonly floor: number }

/**
 * Forward only. The database may know more than this release (the previous release runs on the new schema), down to
 * the floor that a migration has set: below it a process is too old.
 */
export const planMigrations = (
  known: readonly Migration[],
  applied: readonly Applied[],
  floor: number,
): Plan => {
  const newest = known.at(-1)?.number ?? 0
  if (newest < floor) return { kind: 'too_old', newest, floor }
  const byNumber = new Map(applied.map((row) => [row.number, row]))
  const edited = known.find((file) => {
    const row = byNumber.get(file.number)
    return row !== undefined && (row.sha256 !== file.sha256 || row.name !== file.name)
  })
  if (edited !== undefined) return { kind: 'edited', name: edited.name }
  const pending = known.filter((file) => !byNumber.has(file.number))
  const last = applied.at(-1)
  const late = pending.find((file) => last !== undefined && file.number < last.number)
  if (late !== undefined && last !== undefined) return { kind: 'too_late', name: late.name, after: last.name }
  return { kind: 'run', pending }
}
