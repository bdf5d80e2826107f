import { EXPAND_DEPTH_LIMIT } from './limits.ts'
import { nearest } from './near.ts'
import { Problem } from './problem.ts'

const NOTHING: ReadonlySet<string> = new Set()
const LIST_PREFIX = 'data.'

const refused = (path: string, hint: string): Problem =>
  new Problem(
    'parameter_invalid_expand',
    `This property cannot be expanded (${path.slice(0, 100)}).${hint}`,
    'expand',
  )

/** a.b.c also allows a and a.b */
const withPrefixes = (paths: readonly string[]): ReadonlySet<string> => {
  const all = new Set<string>()
  for (const path of paths) {
    const steps = path.split('.')
    for (let length = 1; length <= steps.length; length++) all.add(steps.slice(0, length).join('.'))
  }
  return all
}

export type ExpandCheck = (sent: unknown) => ReadonlySet<string> | Problem

/** Checks expand[] of a route against what it can expand; in lists the paths start with data. */
export const compileExpand = (expandable: readonly string[], isList: boolean): ExpandCheck => {
  const allowed = withPrefixes(expandable)
  const prefix = isList ? LIST_PREFIX : ''
  return (sent) => {
    if (!Array.isArray(sent)) return NOTHING
    const paths = new Set<string>()
    for (const path of sent as readonly string[]) {
      const bare = path.startsWith(prefix) ? path.slice(prefix.length) : null
      if (path.split('.').length > EXPAND_DEPTH_LIMIT)
        return refused(path, ` It has more than ${EXPAND_DEPTH_LIMIT} levels.`)
      if (bare === null && allowed.has(path))
        return refused(path, ` You may want to try expanding '${prefix}${path}' instead.`)
      if (bare === null || !allowed.has(bare)) {
        const near = nearest(bare ?? path, allowed)
        return refused(path, near === null ? '' : ` Did you mean ${prefix}${near}?`)
      }
      paths.add(bare)
    }
    return withPrefixes([...paths])
  }
}
