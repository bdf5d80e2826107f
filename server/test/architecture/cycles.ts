import { edgesOf } from './graph.ts'
import type { House, Law } from './house.ts'
import { roomOf } from './rooms.ts'
import { isTest } from './source.ts'

type Graph = ReadonlyMap<string, ReadonlySet<string>>

const graphOf = (house: House, nameOf: (path: string) => string | null): Graph => {
  const graph = new Map<string, Set<string>>()
  for (const { from, to } of edgesOf(house)) {
    const [here, there] = [nameOf(from), nameOf(to)]
    // A test beside the code may reach up through any door, and nothing imports a test.
    if (here === null || there === null || isTest(from)) continue
    if (here !== there || from === to) graph.set(here, (graph.get(here) ?? new Set()).add(there))
  }
  return graph
}

/** The first way found from a node back to itself, for each node that the search had not seen on a cycle yet. */
const cyclesOf = (graph: Graph): string[][] => {
  const cycles: string[][] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (node: string): void => {
    const at = path.indexOf(node)
    if (at >= 0) cycles.push([...path.slice(at), node])
    if (at >= 0 || done.has(node)) return
    path.push(node)
    for (const next of graph.get(node) ?? []) visit(next)
    path.pop()
    done.add(node)
  }
  for (const node of graph.keys()) visit(node)
  return cycles
}

/** Neither files nor folders import each other in a circle. */
export const cycles: Law = (house) => {
  const ofFiles = cyclesOf(graphOf(house, (path) => path))
  const ofFolders = cyclesOf(graphOf(house, (path) => roomOf(path)?.name ?? null))
  return [...ofFiles, ...ofFolders].map((cycle) => ({
    path: cycle[0] ?? '',
    message: `is part of a circle: ${cycle.join(' → ')}; move what both need below them`,
  }))
}
