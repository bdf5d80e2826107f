/** What PostgreSQL says about a copy in the file backup_label. */
export type Label = {
  readonly startLsn: string
  readonly firstSegment: string
  readonly timeline: number
}

const START = /^START WAL LOCATION: ([0-9A-F]+\/[0-9A-F]+) \(file ([0-9A-F]{24})\)$/m
const TIMELINE = /^START TIMELINE: (\d+)$/m

/** Null when it says something else than we know. */
export const parseLabel = (text: string): Label | null => {
  const [, startLsn, firstSegment] = START.exec(text) ?? []
  const [, timeline] = TIMELINE.exec(text) ?? []
  if (startLsn === undefined || firstSegment === undefined || timeline === undefined) return null
  return { startLsn, firstSegment, timeline: Number(timeline) }
}
