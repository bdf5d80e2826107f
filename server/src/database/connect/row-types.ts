import pg from 'pg'

const INT8 = 20
// Not one of the identifiers that @types/pg lists, hence the wider type.
const INT8_ARRAY: number = 1016
const DATE = 1082

type Parser = (value: string) => unknown

const parseList: (text: string) => readonly (string | null)[] = pg.types.getTypeParser(INT8_ARRAY, 'text')

/** Amounts do not fit a double, and a date is a day, not a moment in the zone of the machine. */
const PARSERS: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [INT8, BigInt],
  [INT8_ARRAY, (text) => parseList(text).map((item) => (item === null ? null : BigInt(item)))],
  [DATE, (text) => text],
])

/** For the `types` of a client or pool. */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' ? PARSERS.get(oid) : undefined) ??
    pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
}
