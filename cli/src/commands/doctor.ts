import type { Command } from 'commander'
import { agesAsJson, renderAges } from '../ages.ts'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'
import type { Paint } from '../paint.ts'
import type { Finding } from '../platform.ts'
import { withPlatform } from '../with-platform.ts'
import { many } from '../wording.ts'

type Options = { readonly json?: true }

const MARKS = { fine: ['green', '✔'], advice: ['yellow', '!'], danger: ['red', '✖'] } as const

const render = (finding: Finding, width: number, paint: Paint): string => {
  const { severity, name, found, wanted, why } = finding
  const [colour, mark] = MARKS[severity]
  const line = `${paint(colour, mark)} ${name.padEnd(width)}  ${found}`
  return severity === 'fine' ? line : `${line}\n    better: ${wanted}, as ${why}`
}

const summary = (findings: readonly Finding[]): string => {
  const of = (severity: Finding['severity']): number =>
    findings.filter((one) => one.severity === severity).length
  const [danger, advice] = [of('danger'), of('advice')]
  if (danger > 0)
    return `${many(danger, 'danger')}: mend ${danger === 1 ? 'it' : 'them'} before money moves here.`
  return advice > 0
    ? `No danger; ${many(advice, 'thing')} could be better.`
    : 'Everything is as it should be.'
}

export const addDoctor = (program: Command, context: Context): void => {
  const { terminal, end } = context
  const command = program
    .command('doctor')
    .summary('say what should be changed here')
    .description(
      'Looks at the database and its settings and says what it would change, the dangers first; then how large everything is, and what is dropped with age when. It changes nothing. Ends with 1 when something endangers money or data.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const [findings, ages] = await withPlatform(context, async (platform) => [
        await platform.doctor(),
        await platform.ages(),
      ])
      if (findings.some(({ severity }) => severity === 'danger')) end(1)
      if (json === true) {
        terminal.answer(JSON.stringify({ findings, ...agesAsJson(ages) }, null, 2))
        return
      }
      const width = Math.max(0, ...findings.map(({ name }) => name.length))
      for (const finding of findings) terminal.answer(render(finding, width, terminal.paintAnswer))
      const sizes = renderAges(ages, terminal.paintAnswer)
      if (sizes !== '') terminal.answer(`\n${sizes}`)
      terminal.answer(`\n${summary(findings)}`)
    })
  addExamples(command, [
    ['evenkeel doctor', 'the database that the settings lead to'],
    ['DATABASE_URL=postgresql://… evenkeel doctor', 'another one'],
  ])
}
