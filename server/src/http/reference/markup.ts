/** Text of ours and of nobody else, made safe to stand in HTML in any case. */
export const text = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

type Attributes = Readonly<Record<string, string>>

/** One element around markup that is already safe. */
export const element = (name: string, inner: string, attributes: Attributes = {}): string => {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${text(value)}"`)
  return `<${name}${written.join('')}>${inner}</${name}>`
}

/** Long names break after their separators, which keeps narrow screens from scrolling sideways. */
export const name = (value: string): string => element('code', text(value).replaceAll(/([_./])/g, '$1<wbr>'))
