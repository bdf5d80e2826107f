import type { Law, Violation } from '../architecture/house.ts'

type Manifest = {
  name?: string
  scripts?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const ROOT = 'package.json'
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/
/** A package of this repository is whatever stands beside it. */
const OURS = /^@evenkeel\//
const SET_UP = '"$npm_node_execpath" scripts/setup.mjs'

const inexact = (path: string, manifest: Manifest): Violation[] =>
  Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })
    .filter(([name, version]) => !(OURS.test(name) ? version === '*' : EXACT.test(version)))
    .map(([name, version]) => ({ path, message: `asks for ${name} ${version}: pin one exact version` }))

/** Every script works in a fresh clone, because it is preceded by the set-up. */
const withoutSetUp = (manifest: Manifest): Violation[] => {
  const scripts = manifest.scripts ?? {}
  const isHook = (name: string) =>
    name === 'postinstall' || (name.startsWith('pre') && name.slice(3) in scripts)
  return Object.keys(scripts)
    .filter((name) => !isHook(name) && scripts[`pre${name}`] !== SET_UP)
    .map((name) => ({ path: ROOT, message: `the script "${name}" needs "pre${name}": ${SET_UP}` }))
}

/** Exact versions, and scripts that work where nothing is installed yet. */
export const packages: Law = (house) =>
  [...house]
    .filter(([path]) => path === ROOT || /^[a-z]+\/package\.json$/.test(path))
    .flatMap(([path, text]) => {
      const manifest: Manifest = JSON.parse(text)
      return [...inexact(path, manifest), ...(path === ROOT ? withoutSetUp(manifest) : [])]
    })
