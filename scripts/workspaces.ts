import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folders of the packages, as package.json names them. */
const workspaces = (): string[] => {
  const root: { workspaces: string[] } = JSON.parse(readFileSync('package.json', 'utf8'))
  return root.workspaces
}

/** Every file of every package, and of the scripts, in a fixed order. */
export const workspaceFiles = (): string[] =>
  [...workspaces(), 'scripts']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((file) => !file.includes('node_modules'))
    .sort()
