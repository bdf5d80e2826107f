import { posix } from 'node:path'
import { foldersOf, type House, type Law, type Violation } from '../architecture/house.ts'

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g
const OUTSIDE = /^[a-z]+:/

/** A page without what stands in code, in fences or in line. */
const prose = (page: string): string[] => {
  let isCode = false
  return page.split('\n').map((line) => {
    const isFence = line.trimStart().startsWith('```')
    if (isFence) isCode = !isCode
    return isCode || isFence ? '' : line.replaceAll(/`[^`]*`/g, '')
  })
}

/** The name under which a heading can be linked to. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/^#+\s*/, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

const anchorsOf = (page: string): Set<string> =>
  new Set(
    page
      .split('\n')
      .filter((line) => /^#+\s/.test(line))
      .map(anchorOf),
  )

const judge = (house: House, folders: ReadonlySet<string>, from: string, link: string): string | null => {
  const [file = '', anchor] = link.split('#')
  const target =
    file === '' ? from : posix.normalize(posix.join(posix.dirname(from), file)).replace(/\/$/, '')
  const page = house.get(target)
  if (page === undefined && !folders.has(target)) return `links to ${link}, which does not exist`
  if (anchor !== undefined && page !== undefined && !anchorsOf(page).has(anchor))
    return `links to ${link}, and ${target} has no such heading`
  return null
}

/** Every link from a page of ours to another one leads somewhere. */
export const links: Law = (house) => {
  const folders = foldersOf(house)
  return [...house]
    .filter(([path]) => path.endsWith('.md'))
    .flatMap(([path, page]) =>
      prose(page).flatMap((line, at): Violation[] =>
        [...line.matchAll(LINK)]
          .map(([, link = '']) => link)
          .filter((link) => !OUTSIDE.test(link))
          .flatMap((link) => {
            const message = judge(house, folders, path, link)
            return message === null ? [] : [{ path, line: at + 1, message }]
          }),
      ),
    )
}
