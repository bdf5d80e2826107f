import { assert } from '../../kit/index.ts'

/** A table, and those that its foreign keys point to. */
export type TableWithTargets = { readonly name: string; readonly targets: readonly string[] }

/** The tables so that each stands before those that it points to: rows are deleted before what they need. */
export const inDeletionOrder = (tables: readonly TableWithTargets[]): readonly string[] => {
  const order: string[] = []
  let rest = [...tables]
  while (rest.length > 0) {
    const isNeeded = ({ name }: TableWithTargets): boolean =>
      rest.some((other) => other.name !== name && other.targets.includes(name))
    const free = rest.filter((table) => !isNeeded(table))
    assert(free.length > 0, 'foreign keys do not go in circles')
    order.push(...free.map(({ name }) => name))
    rest = rest.filter(isNeeded)
  }
  return order
}
