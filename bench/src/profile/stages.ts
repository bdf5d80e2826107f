import type { OnStage, Stage } from '../../../server/src/database/index.ts'
import { median } from '../statistics.ts'

/** What a batch does until it reaches a stage. */
const UNTIL: Readonly<Record<Exclude<Stage, 'gathered'>, string>> = {
  locked: 'lock and load',
  decided: 'decide and encode',
  appended: 'append',
  committed: 'commit',
}

const STAGES = ['locked', 'decided', 'appended', 'committed'] as const

export type Stages = {
  readonly onStage: OnStage
  /** Forgets what was seen so far. */
  readonly clear: () => void
  /** Milliseconds of each batch, stage by stage. */
  readonly batches: () => readonly (readonly number[])[]
}

/** Watches the stages of each batch. One tenant's batches come one after the other, so one clock is enough. */
export const watchStages = (): Stages => {
  let lastMs = 0
  let current: number[] = []
  let batches: number[][] = []
  return {
    onStage: (stage) => {
      const nowMs = performance.now()
      if (stage === 'gathered') current = []
      else current.push(nowMs - lastMs)
      if (stage === 'committed') batches.push(current)
      lastMs = nowMs
    },
    clear: () => {
      batches = []
    },
    batches: () => batches,
  }
}

const cell = (ms: number): string => ms.toFixed(1).padStart(18)

/** One line for each batch, and the medians. A commit that is watched does one batch after the other. */
export const renderStages = (batches: readonly (readonly number[])[]): string => {
  const medians = STAGES.map((_, at) => median(batches.map((batch) => batch[at] ?? 0)))
  const line = (name: string, values: readonly number[]): string =>
    `${name.padEnd(8)}${values.map(cell).join('')}${cell(values.reduce((sum, value) => sum + value, 0))}`
  return [
    `${'batch'.padEnd(8)}${[...STAGES.map((stage) => UNTIL[stage]), 'together'].map((name) => name.padStart(18)).join('')}`,
    ...batches.map((batch, at) => line(String(at + 1), batch)),
    line('median', medians),
  ].join('\n')
}
