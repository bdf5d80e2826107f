import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { chromium, type Page } from 'playwright-core'

/** The package's builds are for this system only; elsewhere the system's own browser serves. */
const IS_PACKED = process.platform === 'linux' && process.arch === 'x64'
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const

const installed = (): string | undefined =>
  INSTALLED.find((file) => spawnSync(file, ['--version']).status === 0)

export type OpenedBrowser = {
  readonly newPage: () => Promise<Page>
  readonly close: () => Promise<void>
}

/** Why this machine has no browser; null where it has one. */
export const browserMissing = (): string | null =>
  IS_PACKED || installed() !== undefined
    ? null
    : 'this system has no Chromium, and the package has none for it'

/**
 * Unpacks the browser of the npm package, with the libraries and the font that a bare machine does not have, into a folder
 * of its own: the package's usual place is shared by all users of the machine.
 */
const unpack = async (folder: string) => {
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium')
    const archives = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin')
    const names = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br', 'swiftshader.tar.br']
    const [file = ''] = await Promise.all(names.map((name) => inflate(join(archives, name))))
    const environment = {
      HOME: folder,
      TMPDIR: folder,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    }
    // One process for all would end with its first page.
    return { file, args: packed.args.filter((each) => each !== '--single-process'), environment }
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}

export const openBrowser = async (): Promise<OpenedBrowser> => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-browser-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    const { file, args, environment } = IS_PACKED
      ? await unpack(folder)
      : { file: installed() ?? '', args: ['--no-sandbox'], environment: {} }
    const browser = await chromium.launch({
      executablePath: file,
      args,
      headless: true,
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    })
    return {
      newPage: () => browser.newPage(),
      close: async () => {
        await browser.close()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}
