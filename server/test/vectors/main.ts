import { stat } from 'node:fs/promises'
import { modelSource } from '../model/subject.ts'
import { listVectors, replayFolder } from './folder.ts'
import type { SubjectSource } from './subject.ts'

/** `npm run vectors -- FOLDER` */

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`)
}

const SOURCES: readonly SubjectSource[] = [modelSource]

const folder = process.argv[2] ?? import.meta.dirname
const found = await stat(folder).catch(() => null)

if (found === null || !found.isDirectory()) {
  complain(`There is no folder ${folder}. Give the folder that holds the recorded histories, *.json.`)
  process.exitCode = 2
} else if ((await listVectors(folder)).length === 0) {
  complain(`There is no .json file in ${folder}. Give the folder that holds the recorded histories.`)
  process.exitCode = 2
} else {
  print(`Replaying ${folder} on: ${SOURCES.map((source) => source.name).join(', ')}`)
  const { failed } = await replayFolder(folder, SOURCES, print)
  process.exitCode = failed === 0 ? 0 : 1
}
