import { readFileSync } from 'node:fs'

type Manifest = { readonly version: string }

/** The version of this server, as its package says. */
export const RELEASE: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest
).version
