const LENGTH_LIMIT = 60
const DISTANCE_LIMIT = 2

/** Levenshtein's distance of two short texts. */
const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
      const changed = (previous[j - 1] ?? 0) + (same ? 0 : 1)
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, changed))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}

/** The name that was probably meant, or null when none is near. */
export const nearest = (written: string, names: Iterable<string>): string | null => {
  if (written.length > LENGTH_LIMIT) return null
  const lower = written.toLowerCase()
  let best: string | null = null
  let bestDistance = Math.min(DISTANCE_LIMIT, Math.floor(written.length / 3)) + 1
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= bestDistance) continue
    const steps = distance(lower, name)
    if (steps < bestDistance) {
      best = name
      bestDistance = steps
    }
  }
  return best
}
