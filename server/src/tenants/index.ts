export { FIRST_SANDBOX_NAME } from './core/names.ts'
export { createTenants, type Tenants } from './tenants.ts'
