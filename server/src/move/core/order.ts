import { assert } from '../../kit/index.ts'

/** A table of the catalogue, and those that its foreign keys point to. */
export type Pointing = { readonly name: string; readonly targets: readonly string[] }

/** The tables so that each stands after those that it points to: what a row needs is there before the row. */
export const inCopyOrder = <Table extends Pointing>(tables: readonly Table[]): readonly Table[] => {
  const order: Table[] = []
  let rest = [...tables]
  while (rest.length > 0) {
    const left = new Set(rest.map(({ name }) => name))
    const isFree = ({ name, targets }: Table): boolean =>
      targets.every((target) => target === name || !left.has(target))
    const free = rest.filter(isFree)
    assert(free.length > 0, 'foreign keys do not go in circles')
    order.push(...free)
    rest = rest.filter((table) => !isFree(table))
  }
  return order
}
