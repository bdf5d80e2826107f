import { SETTING_NAMES, SETTINGS } from './configuration-table.ts'

const cell = (text: string): string => text.replaceAll('|', '\\|')

const row = (name: (typeof SETTING_NAMES)[number]): string => {
  const { meaning, shownDefault, example, secret } = SETTINGS[name]
  return `| \`${name}\` | ${cell(meaning)} | ${cell(shownDefault)} | ${cell(example)} | ${secret ? 'yes' : ''} |`
}

/** The page, from the table that the server itself reads. */
const renderPage = (): string =>
  [
    '# Configuration',
    '',
    'Generated from `server/src/main/configuration-table.ts`; do not edit.',
    '',
    'Settings come from the environment and from a file `.env` in the working directory; what the environment says',
    'wins. Every bad value, and every name that is not in this table (in `.env`, or beginning with `EVENKEEL_`), is',
    'refused at the start, all of them at once. Secret ones are never shown in logs or errors.',
    '',
    '| name | meaning | default | example | secret |',
    '| --- | --- | --- | --- | --- |',
    ...SETTING_NAMES.map(row),
    '',
  ].join('\n')

export const generated = [{ path: 'docs/configuration.md', content: renderPage }]
