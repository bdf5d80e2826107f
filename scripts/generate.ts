// Writes every file that is made from code: `npm run generate`; with --check it fails if any was stale.
//
// A generator is a file `*.generate.ts` in a package, beside the code it reads, that exports
//
//   export const generated: readonly Generated[] = [{ path: 'docs/ERRORS.md', content: () => … }]
//
// Freshness is judged by the files' own content, so other uncommitted work does not disturb it.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { workspaceFiles } from './workspaces.ts'

type Generated = { path: string; content: () => string | Promise<string> }

const generatorFiles = (): string[] => workspaceFiles().filter((file) => file.endsWith('.generate.ts'))

const loadGenerator = async (file: string): Promise<readonly Generated[]> => {
  const module: { generated?: readonly Generated[] } = await import(pathToFileURL(resolve(file)).href)
  if (!module.generated?.length) throw new Error(`${file} exports no list named "generated".`)
  return module.generated
}

/** Writes one file when it differs; true when it was stale. */
const write = async ({ path, content }: Generated): Promise<boolean> => {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null
  const after = await content()
  if (after === before) return false
  writeFileSync(path, after)
  return true
}

const generateAll = async (mustBeFresh: boolean): Promise<boolean> => {
  const generators = (await Promise.all(generatorFiles().map(loadGenerator))).flat()
  // A gate that reads nothing would pass for ever.
  if (generators.length === 0) throw new Error('No generator was found.')

  let staleCount = 0
  // One after the other: two generators may write sections of the same page.
  for (const generated of generators) {
    const wasStale = await write(generated)
    if (wasStale) staleCount += 1
    process.stdout.write(`${wasStale ? 'written' : 'fresh  '}  ${generated.path}\n`)
  }
  if (!mustBeFresh || staleCount === 0) return true
  process.stderr.write(
    `${staleCount} generated files were stale and are written now: look at them and commit.\n`,
  )
  return false
}

try {
  if (!(await generateAll(process.argv.includes('--check')))) process.exitCode = 1
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
// A generator may have left a connection open; the files are written, so nothing is lost.
process.exit()
