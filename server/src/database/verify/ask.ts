import type { ClientBase } from 'pg'
import { rowTypes } from '../connect/row-types.ts'

/** A small answer, with bigints as bigints whatever the client was made with. */
export const askRows = async <Row>(
  client: ClientBase,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> => {
  const { rows } = await client.query({ text, values: [...values], types: rowTypes })
  return rows as Row[]
}
