import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Puts text in a style, where the place that it goes to shows styles. */
export type Paint = (style: Style, text: string) => string

export const paintFor =
  (isColourful: boolean): Paint =>
  (style, text) =>
    isColourful ? styleText(style, text, { validateStream: false }) : text

type Environment = Readonly<Record<string, string | undefined>>

const isSet = (value: string | undefined): boolean => value !== undefined && value !== ''

/** NO_COLOR (no-color.org) wins, then FORCE_COLOR, then whether it is a terminal that can. */
export const wantsColour = (environment: Environment, isTerminal: boolean): boolean => {
  if (isSet(environment['NO_COLOR'])) return false
  if (isSet(environment['FORCE_COLOR'])) return environment['FORCE_COLOR'] !== '0'
  return isTerminal && environment['TERM'] !== 'dumb'
}

/** Whether something may move on the screen: a person looks at a terminal, and no machine records it. */
export const isWatched = (environment: Environment, isTerminal: boolean): boolean =>
  isTerminal && environment['TERM'] !== 'dumb' && (!isSet(environment['CI']) || environment['CI'] === 'false')
