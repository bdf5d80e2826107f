import { PERSON_NAME_CHARS } from '../limits.ts'

const CONTROL = /\p{C}/u

export const isPersonName = (text: string): boolean =>
  text.trim() !== '' && text.length <= PERSON_NAME_CHARS && !CONTROL.test(text)

/**
 * By which two people are told apart: whoever is there already does not become a second one by a capital letter, a blank
 * or another way to write the same accent. One person with two records could sign twice.
 */
export const nameKeyOf = (name: string): string =>
  name.normalize('NFKC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
