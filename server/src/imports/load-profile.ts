import { readFile, stat } from 'node:fs/promises'
import { checkProfile } from './core/check-profile.ts'
import type { Profile } from './core/profile.ts'
import { PROFILE_BYTES } from './limits.ts'
import berka from './profiles/berka.json' with { type: 'json' }

/** The profiles that can be given by name alone. */
const BUILT_IN: ReadonlyMap<string, unknown> = new Map([['berka', berka]])

export const BUILT_IN_PROFILES: readonly string[] = [...BUILT_IN.keys()]

export type LoadedProfile =
  | { readonly ok: true; readonly profile: Profile }
  | { readonly ok: false; readonly message: string }

const refused = (message: string): LoadedProfile => ({ ok: false, message })

const check = (value: unknown, source: string): LoadedProfile => {
  const checked = checkProfile(value)
  if (checked.ok) return checked
  const problems = checked.problems.map(
    ({ key, message }) => `  ${key === '' ? 'the profile' : key} ${message}`,
  )
  return refused(`the profile ${source} cannot be used:\n${problems.join('\n')}`)
}

/** A profile by its built-in name, or from a JSON file. */
export const loadProfile = async (nameOrFile: string): Promise<LoadedProfile> => {
  if (BUILT_IN.has(nameOrFile)) return check(BUILT_IN.get(nameOrFile), nameOrFile)
  const found = await stat(nameOrFile).catch(() => null)
  if (found === null || !found.isFile()) {
    return refused(
      `there is no profile "${nameOrFile}": give the path of a JSON file, or one of ${BUILT_IN_PROFILES.join(', ')}`,
    )
  }
  if (found.size > PROFILE_BYTES)
    return refused(`the profile ${nameOrFile} is larger than ${PROFILE_BYTES} bytes`)
  const text = await readFile(nameOrFile, 'utf8')
  try {
    return check(JSON.parse(text), nameOrFile)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return refused(`the profile ${nameOrFile} is not JSON: ${error.message}`)
  }
}
