import { missingApprovals } from '../core/gates.ts'
import type { Launch, LaunchContent } from '../core/model.ts'
import { exposure, many } from './words.ts'

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** What it is about, in words: over which rail, or which feature. */
const subject = ({ subject: what, filters }: LaunchContent): string => {
  if (what.type === 'feature') return `switch on the feature ${what.key}`
  const currencies = filters.currencies.map((code) => code.toUpperCase())
  const of = currencies.length === 0 ? 'card payments' : `card payments in ${list(currencies)}`
  return `send ${of} over ${what.rails[0] ?? 'another rail'}`
}

const steps = ({ stages }: LaunchContent): string => {
  const shares = stages.map((stage) =>
    stage.exposure_bp === 0 ? `${stage.named_units.length} named` : exposure(stage.exposure_bp),
  )
  return `in ${many(stages.length, 'stage')}: ${shares.join(' → ')}`
}

const exposed = ({ content }: Launch, stage: number): string => {
  const found = content.stages[stage]
  if (found === undefined) return 'everybody'
  return found.exposure_bp === 0
    ? many(found.named_units.length, 'named account')
    : exposure(found.exposure_bp)
}

const running = (launch: Launch): { decision: string; text: string } => {
  const { stages } = launch.content
  const isLast = launch.stage >= stages.length - 1
  const raise = isLast
    ? `complete it at ${exposed(launch, launch.stage)}`
    : `raise it from ${exposed(launch, launch.stage)} to ${exposed(launch, launch.stage + 1)}`
  if (launch.waiting?.for !== 'approval')
    return { decision: 'none', text: `Nothing yet. Once every gate is green: approve to ${raise}.` }
  const missing = missingApprovals(launch)
  const who = missing.length === 0 ? '' : ` Missing: ${list(missing)}.`
  return { decision: 'approve', text: `Approve to ${raise}. All other gates are green.${who}` }
}

const ASKS: Readonly<Record<Launch['status'], (launch: Launch) => { decision: string; text: string }>> = {
  draft: ({ content, premortem }) =>
    premortem === 'opened'
      ? {
          decision: 'sign',
          text: `Sign, for business and technology: ${subject(content)}, ${steps(content)}.`,
        }
      : {
          decision: 'premortem',
          text: `Write down how it may fail, then open the pre-mortem. Planned: ${subject(content)}, ${steps(content)}.`,
        },
  signed: ({ content }) => ({ decision: 'start', text: `Start it: ${subject(content)}, ${steps(content)}.` }),
  armed: ({ content }) => ({
    decision: 'none',
    text: `Nothing. It is signed and has its moment to start: ${subject(content)}, ${steps(content)}.`,
  }),
  running,
  held: (launch) => ({
    decision: 'resume',
    text: `Decide: resume it at ${exposed(launch, launch.stage)}, or roll it back. Exposure goes no further until then.`,
  }),
  rolling_back: () => ({
    decision: 'none',
    text: 'Nothing. Exposure is zero; payments in flight finish where they began.',
  }),
  rolled_back: () => ({
    decision: 'decision',
    text: 'Decide: reopen it with what was learnt, or abandon it. Exposure is zero, and nothing is in flight.',
  }),
  completed: ({ content }) => ({
    decision: 'none',
    text: `Nothing. It is complete: ${exposure(content.stages.at(-1)?.exposure_bp ?? 0)} of volume goes the new way.`,
  }),
  abandoned: () => ({ decision: 'none', text: 'Nothing. It was abandoned.' }),
}

/** What is asked of whoever reads the page. */
export const askOf = (launch: Launch): { readonly decision: string; readonly text: string } =>
  ASKS[launch.status](launch)
