/** The import cannot go on, for a reason that the caller can mend. Becomes the value { ok: false } at the door. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}
