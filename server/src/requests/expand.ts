import type { Read } from '../database/index.ts'
import type { RequestContext } from '../http/index.ts'
import type { Reply, TenantId } from '../kit/index.ts'
import { livemodeOf } from './submit.ts'

/** An object as the API shows it. */
export type Shown = { readonly [field: string]: unknown }

export type ExpandScope = { readonly tenant: TenantId; readonly livemode: boolean }

/** Brings the objects with these shown ids, those of them that are there, each under its id. */
export type Expander = (
  read: Read,
  scope: ExpandScope,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, Shown>>

/**
 * By the prefix of an id, cus or pm: what it is expanded to. By prefix and field, ch.refunds: what stands in a field that
 * is only shown where it is asked for, under the id of the object that holds it. Each capability brings its own, main
 * joins them.
 */
export type Expanders = Readonly<Record<string, Expander>>

type Place = {
  readonly holder: Record<string, unknown>
  readonly field: string
  readonly id: string
  /** Which of the expanders it is for. */
  readonly expander: string
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The places that a path leads to. Through lists it goes to each of their objects. */
const placesOf = (value: unknown, steps: readonly string[]): Place[] => {
  if (Array.isArray(value)) return value.flatMap((item) => placesOf(item, steps))
  const [field, ...rest] = steps
  if (!isObject(value) || field === undefined) return []
  const next = value[field]
  if (rest.length > 0) return placesOf(next, rest)
  if (typeof next === 'string') return [{ holder: value, field, id: next, expander: prefixOf(next) }]
  const id = value['id']
  if (next !== undefined || typeof id !== 'string') return []
  return [{ holder: value, field, id, expander: `${prefixOf(id)}.${field}` }]
}

const prefixOf = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('_')))

const expandPlaces = async (
  read: Read,
  scope: ExpandScope,
  places: readonly Place[],
  expanders: Expanders,
): Promise<void> => {
  const byExpander = Map.groupBy(places, (place) => place.expander)
  await Promise.all(
    [...byExpander].map(async ([name, found]) => {
      const expander = expanders[name]
      if (expander === undefined) return
      const objects = await expander(read, scope, [...new Set(found.map(({ id }) => id))])
      for (const { holder, field, id } of found) {
        const object = objects.get(id)
        // Each place gets a copy of its own, because deeper paths change what they go through.
        if (object !== undefined) holder[field] = structuredClone(object)
      }
    }),
  )
}

/**
 * Puts objects in the places of their ids: level by level, all ids of one kind in one read, however many objects there are.
 * The paths are those of the request, shorter ones included, as the door checked them.
 */
export const expandObjects = async <T extends Shown>(
  read: Read,
  scope: ExpandScope,
  shown: readonly T[],
  paths: ReadonlySet<string>,
  expanders: Expanders,
): Promise<T[]> => {
  const copies: T[] = structuredClone(shown) as T[]
  const levels = Map.groupBy(
    [...paths].map((path) => path.split('.')),
    (steps) => steps.length,
  )
  for (const length of [...levels.keys()].sort((a, b) => a - b)) {
    const places = (levels.get(length) ?? []).flatMap((steps) => placesOf(copies, steps))
    if (places.length > 0) await expandPlaces(read, scope, places, expanders)
  }
  return copies
}

type Expanding = { readonly read: Read; readonly expanders: Expanders }

const scopeOf = (context: RequestContext): ExpandScope => ({
  tenant: context.tenant,
  livemode: livemodeOf(context),
})

const isReply = (answer: Shown | Reply): answer is Reply =>
  typeof answer['body'] === 'string' && 'objectId' in answer

/** An answer, expanded as its request asks. Refusals stay, and what is stored under a key is stored unexpanded. */
export const expandAnswer = async <T extends Shown | Reply>(
  { read, expanders }: Expanding,
  context: RequestContext,
  answer: T,
): Promise<T> => {
  const { expand } = context
  if (expand.size === 0) return answer
  const scope = scopeOf(context)
  if (!isReply(answer)) {
    const [expanded] = await expandObjects(read, scope, [answer], expand, expanders)
    return expanded ?? answer
  }
  if (answer.status >= 300) return answer
  const object = JSON.parse(answer.body) as Shown
  const [expanded] = await expandObjects(read, scope, [object], expand, expanders)
  return { ...answer, body: JSON.stringify(expanded) }
}

/** A list's objects, expanded; the paths of a list's request come without `data`. */
export const expandList = async <L extends { readonly data: readonly Shown[] }>(
  { read, expanders }: Expanding,
  context: RequestContext,
  list: L,
): Promise<L> => {
  if (context.expand.size === 0) return list
  return {
    ...list,
    data: await expandObjects(read, scopeOf(context), list.data, context.expand, expanders),
  }
}
