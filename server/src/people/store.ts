import { defineRecords } from '../database/index.ts'
import type { PersonRow } from './core/model.ts'
import { nameKeyOf } from './core/name.ts'

export const people = defineRecords<PersonRow>({
  table: 'people.people',
  columns: [
    { name: 'name_key', type: 'text', of: ({ name }) => nameKeyOf(name) },
    { name: 'removed', type: 'boolean', of: ({ removedMs }) => removedMs !== null, changes: true },
  ],
  bigints: [],
})
