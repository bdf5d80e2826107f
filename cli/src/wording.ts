const COUNT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 32,869 */
export const count = (number: number): string => COUNT.format(number)

/** 1 line, 2 lines, 32,869 lines */
export const many = (number: number, one: string, several = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : several}`

/** 8 s, 2 min 5 s, 1 h 3 min */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`
}

const BRIEF_S = 10

/** How long something took: 0.3 s, and from ten seconds on as durations are written. */
export const took = (seconds: number): string =>
  seconds < BRIEF_S ? `${seconds.toFixed(1)} s` : duration(seconds)

/** Words on lines of at most that many characters; all lines but the first are indented. */
export const wrap = (
  text: string,
  { width, indent }: { readonly width: number; readonly indent: number },
): string => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const room = width - indent
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`)
}

/** 2026-11-22 17:05, in the time of this machine. */
export const moment = (ms: number): string => {
  const date = new Date(ms)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

const KILOBYTE = 1_024
const UNITS = ['kB', 'MB', 'GB', 'TB'] as const

/** 0 kB, 12 kB, 8.4 MB, 1.2 GB: binary thousands, as PostgreSQL counts them. */
export const size = (bytes: number): string => {
  let [value, at] = [bytes / KILOBYTE, 0]
  while (value >= KILOBYTE && at < UNITS.length - 1) [value, at] = [value / KILOBYTE, at + 1]
  return `${at === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[at]}`
}
