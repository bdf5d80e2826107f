/**
 * Something that the operator must put right before the server can run: a bad setting, a missing right, a full disk.
 * It is neither a fault nor a bug. It is thrown while starting, shown as two lines without a stack, and ends the process.
 */
export class SetupProblem extends Error {
  override readonly name = 'SetupProblem'
  /** What to do about it, as an order: "Set …", "Run …". */
  readonly fix: string

  constructor(message: string, fix: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.fix = fix
  }
}
