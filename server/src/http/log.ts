/** What the door needs of a logger; pino's fits. */
export type Log = {
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
  readonly child: (fields: object) => Log
}
