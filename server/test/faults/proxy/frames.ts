/*
 * As much of PostgreSQL's protocol as is needed to see a COMMIT go by: a message is a type of one byte, its length in
 * four, and its body. Only a connection's very first message has no type.
 */

const TYPE_BYTES = 1
const LENGTH_BYTES = 4

export type Frame = { readonly type: string; readonly bytes: Buffer }

/** Cuts a stream of bytes into whole messages; what is not whole yet waits for the rest. */
export const createFramer = (options: { readonly startup: boolean }): ((chunk: Buffer) => Frame[]) => {
  let rest: Buffer = Buffer.alloc(0)
  let isFirst = options.startup
  const take = (): Frame | null => {
    const head = isFirst ? 0 : TYPE_BYTES
    if (rest.length < head + LENGTH_BYTES) return null
    const end = head + rest.readInt32BE(head)
    if (rest.length < end) return null
    const type = isFirst ? '' : String.fromCharCode(rest[0] ?? 0)
    const frame = { type, bytes: rest.subarray(0, end) }
    rest = rest.subarray(end)
    isFirst = false
    return frame
  }
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const frames: Frame[] = []
    for (let frame = take(); frame !== null; frame = take()) frames.push(frame)
    return frames
  }
}

const textAt = (bytes: Buffer, from: number): string => bytes.toString('utf8', from, bytes.indexOf(0, from))

/** The prepared statement that a Bind names; it stands behind the name of the portal. */
export const boundStatement = ({ type, bytes }: Frame): string | null => {
  if (type !== 'B') return null
  const from = TYPE_BYTES + LENGTH_BYTES
  return textAt(bytes, bytes.indexOf(0, from) + 1)
}

/** The tag of a CommandComplete, such as COMMIT or ROLLBACK. */
export const completedCommand = ({ type, bytes }: Frame): string | null =>
  type === 'C' ? textAt(bytes, TYPE_BYTES + LENGTH_BYTES) : null

export const isSync = ({ type }: Frame): boolean => type === 'S'
