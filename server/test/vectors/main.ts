import { stat } from 'node:fs/promises'
import { modelSource } from '../model/subject.ts'
import { openPostgresSource, pureSource } from '../support/ledger-subjects.ts'
import { listVectors, replayFolder } from './folder.ts'

/** `npm run vectors -- FOLDER` */

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const folder = process.argv[2] ?? import.meta.dirname
const found = await stat(folder).catch(() => null)

if (found === null || !found.isDirectory()) {
  complain(`There is no folder ${folder}. Give the folder that holds the recorded histories, *.json.`)
  process.exitCode = 2
} else if ((await listVectors(folder)).length === 0) {
  complain(`There is no .json file in ${folder}. Give the folder that holds the recorded histories.`)
  process.exitCode = 2
} else {
  const postgres = await openPostgresSource()
  try {
    const sources = [pureSource, postgres, modelSource]
    print(`Replaying ${folder} on: ${sources.map((source) => source.name).join(', ')}`)
    const { failed } = await replayFolder(folder, sources, print)
    process.exitCode = failed === 0 ? 0 : 1
  } finally {
    await postgres.close()
  }
}
