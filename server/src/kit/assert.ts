/** A broken invariant. It is never caught to be turned into an answer: the caller gets a 500 with an id and no text. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** States what must be true here. A failure is a bug of ours, never a matter of the caller's input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message)
}
