import type { Report } from '../report/json.ts'
import type { RunOptions } from './options.ts'
export const runGrowth = async (_options: RunOptions): Promise<Report> => {
  throw new Error('later')
}
