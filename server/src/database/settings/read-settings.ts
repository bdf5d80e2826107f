import type { Pool } from 'pg'

/** Whoever can be asked a statement: a pool or a client. */
export type Asked = Pick<Pool, 'query'>

/** The settings of a session as PostgreSQL shows them, numbers in their base unit. */
export type Settings = ReadonlyMap<string, string>

/** `pg_settings` counts in units such as 8kB; this makes bytes, or seconds, of them. */
const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_024,
  '8kB': 8_192,
  MB: 1_048_576,
  '16MB': 16 * 1_048_576,
  ms: 0.001,
  s: 1,
  min: 60,
}

type Row = { readonly name: string; readonly setting: string; readonly unit: string | null }

const inBaseUnit = ({ setting, unit }: Row): string => {
  const factor = unit === null ? undefined : UNITS[unit]
  return factor === undefined ? setting : String(Number(setting) * factor)
}

export const readSettings = async (asked: Asked, names: readonly string[]): Promise<Settings> => {
  const query = { text: 'select name, setting, unit from pg_settings where name = any($1)', values: [names] }
  const { rows } = await asked.query<Row>(query)
  return new Map(rows.map((row) => [row.name, inBaseUnit(row)]))
}

/** 18 of 180004. */
export const majorOf = (settings: Settings): number =>
  Math.floor(Number(settings.get('server_version_num')) / 10_000)
