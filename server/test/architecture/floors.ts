import { folderTable, PAGE, type Row } from './folder-table.ts'
import { type Edge, edgesOf } from './graph.ts'
import type { House, Law, Violation } from './house.ts'
import { roomOf, roomsOf } from './rooms.ts'
import { isTest } from './source.ts'

/** The page lists exactly the folders there are, each once, and names no folder that is not there. */
const compareWithPage = (house: House, rows: readonly Row[]): Violation[] => {
  const rooms = roomsOf(house)
  const isRoom = (name: string) => rooms.some((room) => room.name === name)
  const missing = rooms
    .filter((room) => !rows.some((row) => row.folder === room.name))
    .map(({ name }) => ({ path: PAGE, message: `has no row for the folder ${name}: add one` }))
  const dead = rows
    .filter((row) => !isRoom(row.folder))
    .map(({ folder, line }) => ({
      path: PAGE,
      line,
      message: `has a row for ${folder}, which does not exist`,
    }))
  const twice = rows
    .filter((row, at) => rows.findIndex((other) => other.folder === row.folder) !== at)
    .map(({ folder, line }) => ({ path: PAGE, line, message: `has two rows for ${folder}` }))
  const unknown = rows.flatMap(({ folder, mayImport, line }) =>
    [...(mayImport === 'everything' ? [] : mayImport)]
      .filter((name) => !rows.some((row) => row.folder === name))
      .map((name) => ({ path: PAGE, line, message: `lets ${folder} import ${name}, which has no row` })),
  )
  return [...missing, ...dead, ...twice, ...unknown]
}

/** A file straight in server/src would belong to no folder and escape every row. */
const homeless = (house: House): Violation[] =>
  [...house.keys()]
    .filter((path) => /^server\/src\/[^/]+$/.test(path))
    .map((path) => ({ path, message: 'stands in no folder: put it into the one that it belongs to' }))

const isTestCode = (path: string): boolean => isTest(path) || path.startsWith('server/test/')

const judge = ({ from, to, line }: Edge, rows: readonly Row[]): Violation[] => {
  const [here, there] = [roomOf(from), roomOf(to)]
  // Tests beside the code may set up what they need through any door.
  if (here === null || isTestCode(from)) return []
  if (isTestCode(to)) return [{ path: from, line, message: `is no test and imports one: ${to}` }]
  if (there === null || here.name === there.name) return []
  const row = rows.find(({ folder }) => folder === here.name)
  if (row === undefined || row.mayImport === 'everything' || row.mayImport.has(there.name)) return []
  const allowed = [...row.mayImport].join(', ') || 'nothing'
  return [{ path: from, line, message: `${here.name} may import ${allowed}, not ${there.name} (${PAGE})` }]
}

/** Each folder imports only what its row in the folder table names. */
export const floors: Law = (house) => {
  const rows = folderTable(house)
  if (rows.length === 0) return [{ path: PAGE, message: 'has no table of folders: nothing would be checked' }]
  const edges = edgesOf(house)
  // A broken reader would find no import at all, and then nothing to complain of.
  if (edges.length === 0)
    return [{ path: 'server/src', message: 'not one import was found: the graph is empty' }]
  return [...compareWithPage(house, rows), ...homeless(house), ...edges.flatMap((edge) => judge(edge, rows))]
}
