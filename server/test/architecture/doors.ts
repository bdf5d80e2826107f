import { edgesOf } from './graph.ts'
import type { Law } from './house.ts'
import { roomOf } from './rooms.ts'

/** Another folder is entered by its index.ts only. */
export const doors: Law = (house) =>
  edgesOf(house).flatMap(({ from, to, line }) => {
    const [here, there] = [roomOf(from), roomOf(to)]
    const isVisit = here !== null && there !== null && here.name !== there.name
    if (!isVisit || to === there.door) return []
    const message = `enters ${there.name} by ${to}: import from ${there.door}, and export there what you need`
    return [{ path: from, line, message }]
  })
