import { SEGMENT_BYTES } from '../limits.ts'

/** Names of the log's files: 8 digits for the timeline, 16 for the number of the segment in PostgreSQL's own split. */
const SEGMENT = /^[0-9A-F]{24}$/
const HISTORY = /^[0-9A-F]{8}\.history$/
const PACKED = /^(?<name>[0-9A-F]{24}|[0-9A-F]{8}\.history)\.zst$/
/** The second part of the name counts 4 GB, the third one segments within them. */
const SEGMENTS_PER_ID = 0x1_0000_0000n / BigInt(SEGMENT_BYTES)

export const isSegmentName = (name: string): boolean => SEGMENT.test(name)
export const isHistoryName = (name: string): boolean => HISTORY.test(name)

/** How a file of the log is called in the folder, and back. */
export const packedName = (name: string): string => `${name}.zst`
export const unpackedName = (packed: string): string | null => PACKED.exec(packed)?.groups?.['name'] ?? null

export type Segment = { readonly timeline: number; readonly number: bigint }

export const parseSegment = (name: string): Segment | null =>
  isSegmentName(name)
    ? {
        timeline: Number.parseInt(name.slice(0, 8), 16),
        number: BigInt(`0x${name.slice(8, 16)}`) * SEGMENTS_PER_ID + BigInt(`0x${name.slice(16)}`),
      }
    : null

const digits = (value: bigint | number, width: number): string =>
  value.toString(16).toUpperCase().padStart(width, '0')

export const showSegment = ({ timeline, number }: Segment): string =>
  `${digits(timeline, 8)}${digits(number / SEGMENTS_PER_ID, 8)}${digits(number % SEGMENTS_PER_ID, 8)}`

const LSN = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i

/** A place in the log, as PostgreSQL writes it. Null when it is none. */
export const parseLsn = (text: string): bigint | null => {
  const [, high, low] = LSN.exec(text) ?? []
  return high === undefined || low === undefined ? null : (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
}

/** All segments from the first to the last one, which are of one timeline. Empty when they are not in order. */
export const segmentsBetween = (first: string, last: string): readonly string[] => {
  const from = parseSegment(first)
  const to = parseSegment(last)
  if (from === null || to === null || from.timeline !== to.timeline) return []
  const names: string[] = []
  for (let { number } = from; number <= to.number; number += 1n)
    names.push(showSegment({ timeline: from.timeline, number }))
  return names
}
