import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { zstdDecompressSync } from 'node:zlib'

/** A secret by the name of where it came in, and its value. */
export type Mark = { readonly name: string; readonly value: string | Buffer }

/** What a secret looks like, in whatever form it may be written. */
export type Form = { readonly name: string; readonly bytes: Buffer }

/** The part of a text's base64 that does not depend on what stands around it, for each place in a group of three. */
const inBase64 = (value: Buffer, alphabet: 'base64' | 'base64url'): readonly Buffer[] =>
  [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), value])
      .toString(alphabet)
      .replace(/=+$/, '')
    const whole = Math.floor(((before + value.length) * 8) / 6)
    return Buffer.from(text.slice(before === 0 ? 0 : before + 1, whole))
  })

const inUrl = (value: Buffer): Buffer => Buffer.from(encodeURIComponent(value.toString('utf8')))

const inJson = (value: Buffer): Buffer => Buffer.from(JSON.stringify(value.toString('utf8')).slice(1, -1))

/** Plain, hexadecimal in both cases, base64 of both alphabets at any place, as in a URL, as in JSON. */
export const formsOf = ({ name, value }: Mark): readonly Form[] => {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, 'utf8')
  const isText = !bytes.includes(0xef) && bytes.equals(Buffer.from(bytes.toString('utf8'), 'utf8'))
  const all = [
    bytes,
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    ...inBase64(bytes, 'base64'),
    ...inBase64(bytes, 'base64url'),
    ...(isText ? [inUrl(bytes), inJson(bytes)] : []),
  ]
  const distinct = all.filter((form, at) => all.findIndex((other) => other.equals(form)) === at)
  return distinct.map((form) => ({ name, bytes: form }))
}

const AROUND = 60

const shown = (text: Buffer, at: number, length: number): string =>
  text
    .subarray(Math.max(0, at - AROUND), at + length + AROUND / 2)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]+/g, '·')

/** Every secret that stands in it, with what stands around. */
export const findIn = (where: string, content: Buffer, forms: readonly Form[]): readonly string[] =>
  forms.flatMap(({ name, bytes }) => {
    const at = content.indexOf(bytes)
    return at < 0 ? [] : [`${name} in ${where}: ${shown(content, at, bytes.length)}`]
  })

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)

const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** What a file holds, out of its compression. */
const contentOf = (path: string): Buffer => {
  const content = readFileSync(path)
  return content.subarray(0, ZSTD.length).equals(ZSTD) ? zstdDecompressSync(content) : content
}

export type Searched = { readonly found: readonly string[]; readonly files: number; readonly bytes: number }

/** Reads every file below a folder, but those that are there to hold a secret. */
export const searchFolder = (
  folder: string,
  forms: readonly Form[],
  allowed: readonly RegExp[] = [],
): Searched => {
  const found: string[] = []
  let files = 0
  let bytes = 0
  for (const path of filesBelow(folder)) {
    const name = relative(folder, path)
    if (allowed.some((pattern) => pattern.test(name))) continue
    const content = contentOf(path)
    files += 1
    bytes += content.length
    found.push(...findIn(name, content, forms))
  }
  return { found, files, bytes }
}
