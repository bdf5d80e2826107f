export { createPeople, findPersonOver, type People } from './people.ts'
export { routesOf } from './routes.ts'
export { PEOPLE_TABLES } from './table-rules.ts'
