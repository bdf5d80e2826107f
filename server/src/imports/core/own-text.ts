/**
 * The same text in memory of its own. A field is a window on the piece of the file that it was cut from, and one that
 * is kept would keep the whole piece; over millions of lines that is the whole file.
 */
export const ownText = (text: string): string => ` ${text}`.slice(1)
