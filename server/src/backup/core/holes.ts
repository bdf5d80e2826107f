import { parseSegment, showSegment } from './log-names.ts'

/**
 * The first segment that is missing from the log since a backup, on the backup's own timeline; null when there is none.
 * What has not arrived yet is no hole: after that nothing lies there.
 */
export const firstHole = (names: readonly string[], firstSegment: string): string | null => {
  const first = parseSegment(firstSegment)
  if (first === null) return firstSegment
  const numbers = new Set<bigint>()
  let last = first.number - 1n
  for (const name of names) {
    const segment = parseSegment(name)
    if (segment?.timeline !== first.timeline) continue
    numbers.add(segment.number)
    if (segment.number > last) last = segment.number
  }
  for (let { number } = first; number <= last; number += 1n)
    if (!numbers.has(number)) return showSegment({ timeline: first.timeline, number })
  return null
}
