import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { addExamples } from '../help.ts'

const BENCH = fileURLToPath(new URL('../../../bench/src/main.ts', import.meta.url))

export const addBench = (program: Command, { runProgram, end }: Context): void => {
  const command = program
    .command('bench')
    .summary('measure the speed on this machine')
    .description(
      'Runs the benchmarks beside their limits and peers, on a database of their own, and prints one table. All arguments go to the benchmarks: `evenkeel bench -- --help` lists them.',
    )
    .argument('[arguments...]', 'for the benchmarks')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args: readonly string[]) => end(await runProgram(BENCH, args)))
  addExamples(command, [
    ['evenkeel bench', 'the default run, under three minutes'],
    ['evenkeel bench --json FILE', 'the same, also as JSON'],
  ])
}
