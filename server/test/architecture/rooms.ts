// Where a file lives. A room is what the folder table has a row for: a folder of server/src, or another package.

import type { House } from './house.ts'

const PACKAGES = ['cli', 'sdk', 'bench', 'console', 'examples'] as const

export type Room = { readonly name: string; readonly folder: string; readonly door: string }

const isPackage = (name: string): boolean => PACKAGES.some((known) => known === name)

/** The room that a file lives in; null for what stands outside the table (scripts, the server's tests). */
export const roomOf = (path: string): Room | null => {
  const [first = '', second = '', third = '', fourth] = path.split('/')
  if (first === 'server' && second === 'src' && fourth !== undefined)
    return { name: third, folder: `server/src/${third}`, door: `server/src/${third}/index.ts` }
  if (isPackage(first) && second !== '') return { name: first, folder: first, door: `${first}/src/index.ts` }
  return null
}

export const roomsOf = (house: House): Room[] => {
  const rooms = new Map<string, Room>()
  for (const path of house.keys()) {
    const room = roomOf(path)
    if (room) rooms.set(room.name, room)
  }
  return [...rooms.values()]
}
