import { openStand } from './stand/stand.ts'
import { runSuite } from './stand/suite.ts'
import { SUITES } from './suites/all.ts'

/** `npm run conformance`: the official client against a running server; with names, only those suites. */

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => SUITES.every((suite) => suite.name !== name))

if (unknown !== undefined) {
  process.stderr.write(
    `There is no suite "${unknown}". Name some of: ${SUITES.map(({ name }) => name).join(', ')}; none for all.\n`,
  )
  process.exitCode = 2
} else {
  const stand = await openStand()
  let assertions = 0
  let problems = 0
  try {
    for (const suite of SUITES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
      print(suite.name)
      for (const result of await runSuite(stand, suite)) {
        assertions += result.assertions
        problems += result.problems.length
        print(`  ${result.problems.length === 0 ? 'ok  ' : 'FAIL'} ${result.name} (${result.assertions})`)
        for (const problem of result.problems) print(`         ${problem}`)
      }
    }
  } finally {
    await stand.close()
  }
  print(`\n${assertions} assertions, ${problems} problems`)
  process.exit(problems === 0 ? 0 : 1)
}
