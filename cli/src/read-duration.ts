import { CommandProblem } from './problem.ts'

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const

const DURATION = /^(\d{1,9})([smhdw])$/

/** 30d, 24h, 90m, 45s, 2w: in seconds. */
export const readDuration = (text: string): number => {
  const [, number = '', unit = ''] = DURATION.exec(text) ?? []
  const seconds = Object.entries(SECONDS).find(([name]) => name === unit)?.[1]
  if (seconds === undefined)
    throw new CommandProblem(
      `"${text}" is not a length of time`,
      'Write a number and s, m, h, d or w, such as 30d for thirty days.',
    )
  return Number(number) * seconds
}
