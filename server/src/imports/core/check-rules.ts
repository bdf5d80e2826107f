import { METADATA_KEY_CHARS, METADATA_KEYS, PROFILE_RULES } from '../limits.ts'
import type { OwnAccount, Profile, Rule } from './profile.ts'
import { SIDES } from './profile.ts'
import { asObject, inside, type Keys, listAt, oneOf, report, textAt, textsOf } from './profile-keys.ts'

const METADATA_KEY = /^[A-Za-z][A-Za-z0-9_.-]*$/

/** The rules that choose counter-accounts. */
export const checkRules = (top: Keys, references: ReadonlySet<string>): readonly Rule[] =>
  listAt(top, 'rules', 'rules', PROFILE_RULES).map((value, index) => {
    const keys = asObject(value, `rules[${index}]`, ['when', 'side', 'counter_account'], top.problems)
    const given = keys.value['when']
    const columns = typeof given === 'object' && given !== null ? Object.keys(given) : []
    const when = inside(keys, 'when', columns.length === 0 ? ['a column of the file'] : columns)
    const counterAccount = textAt(keys, 'counter_account', 'a reference of counter_accounts')
    if (counterAccount !== '' && !references.has(counterAccount)) {
      report(keys, 'counter_account', `"${counterAccount}" is not among counter_accounts; add it there`)
    }
    const side = keys.value['side'] === undefined ? null : oneOf(keys, 'side', SIDES, 'credit')
    if (columns.length === 0 && side === null) {
      report(keys, 'when', 'fits everything; name a column, or use default_counter_account')
    }
    return {
      when: columns.map((column) => ({
        column,
        values: new Set(textsOf(when, column, 'the values that fit')),
      })),
      side,
      counterAccount,
    }
  })

/** Which columns go into the transfers' metadata. */
export const checkMetadata = (top: Keys): Profile['metadata'] => {
  const given = top.value['metadata']
  if (given === undefined) return []
  const names = typeof given === 'object' && given !== null ? Object.keys(given) : []
  const keys = inside(top, 'metadata', names.length === 0 ? ['a key for each column'] : names)
  if (names.length > METADATA_KEYS) report(top, 'metadata', `has more than ${METADATA_KEYS} keys`)
  return names.map((key) => {
    if (key.length > METADATA_KEY_CHARS) report(keys, key, `is longer than ${METADATA_KEY_CHARS} characters`)
    if (!METADATA_KEY.test(key))
      report(keys, key, 'must begin with a letter and hold letters, digits, _ . and - only')
    return { key, column: textAt(keys, key, 'the column it is taken from') }
  })
}

/** References of our own accounts must be different, as each of them is one account. */
export const checkReferences = (top: Keys, own: readonly OwnAccount[], differences: OwnAccount): void => {
  const seen = new Set<string>()
  for (const { reference } of own) {
    if (seen.has(reference)) report(top, 'counter_accounts', `holds the reference "${reference}" twice`)
    seen.add(reference)
  }
  if (seen.has(differences.reference)) {
    report(
      top,
      'differences_account.reference',
      'must not be one of counter_accounts; differences stay apart',
    )
  }
}
