import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ImportReport } from './core/report-shape.ts'

/** Lists of the report that are written one entry per line, so that two reports can be compared by eye. */
const indent = (report: ImportReport): string => {
  const lines = Object.entries(report).map(([key, value]) => {
    const name = JSON.stringify(key)
    if (!Array.isArray(value) || value.length === 0) return `  ${name}: ${JSON.stringify(value)}`
    return `  ${name}: [\n${value.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`
  })
  return `{\n${lines.join(',\n')}\n}\n`
}

/** Writes the report so that the file is either the old one or the whole new one, whatever happens meanwhile. */
export const writeReport = async (path: string, report: ImportReport): Promise<void> => {
  const temporary = `${path}.${randomUUID()}.part`
  try {
    const file = await open(temporary, 'wx', 0o644)
    try {
      await file.writeFile(indent(report))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  const folder = await open(dirname(path), 'r')
  await folder.sync().finally(() => folder.close())
}
