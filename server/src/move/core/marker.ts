/**
 * What an embedded database says of its move, in the file moved.json beside it.
 *
 *   moving   a move has begun: the database is read-only, and the same move goes on or is given up
 *   moved    the books are in the target: the database stays read-only for good
 */
export type Marker = {
  readonly state: 'moving' | 'moved'
  /** Of this one move: the target has the same, so that a move is resumed only where it was begun. */
  readonly id: string
  /** Where to, without a password. */
  readonly to: string
  /** ISO 8601 in UTC. */
  readonly begunAt: string
  readonly movedAt: string | null
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Null for what is no marker: a file that is damaged must not pass for none. */
export const parseMarker = (text: string): Marker | null => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { state, id, to, begunAt, movedAt } = value as Record<string, unknown>
  if (state !== 'moving' && state !== 'moved') return null
  if (!isText(id) || !isText(to) || !isText(begunAt)) return null
  if (state === 'moved' && !isText(movedAt)) return null
  return { state, id, to, begunAt, movedAt: isText(movedAt) ? movedAt : null }
}
