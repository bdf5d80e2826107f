/** HTML that is safe to show: only `html` makes it, and whatever is put into it is escaped. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | readonly Markup[]

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '')

/** Signs that change how other text is read: control characters, and what turns the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]+/gu

/** People's words on one line, without signs that nobody sees. */
export const tidy = (text: string): string => text.replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim()

/** So many characters of people's words at most, with an ellipsis for the rest. */
export const clip = (text: string, most: number): string => {
  const signs = [...tidy(text)]
  return signs.length <= most
    ? signs.join('')
    : `${signs
        .slice(0, most - 1)
        .join('')
        .trimEnd()}…`
}

const written = (part: Part): string => {
  if (part instanceof Markup) return part.text
  if (typeof part === 'string') return escapeText(part)
  return typeof part === 'number' ? String(part) : part.map(({ text }) => text).join('')
}

export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(strings.map((text, at) => (at === 0 ? '' : written(parts[at - 1] ?? '')) + text).join(''))

export const NOTHING = new Markup('')
