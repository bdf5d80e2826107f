import type { Tamper } from './tampers.ts'

/** Corruptions of what the commit writes, and of what the catalogue promises. */
export const DATABASE_TAMPERS: readonly Tamper[] = [
  {
    name: 'a row belongs to a tenant that there is not',
    sql: `insert into ledger.failed_transfers (tenant, id, status) values (99, gen_random_uuid(), 'exceeds_credits')`,
    reported: ['tenants'],
  },
  {
    name: 'an event is gone',
    sql: 'delete from database.events where tenant = 1 and sequence = 2',
    reported: ['numbering'],
  },
  {
    name: 'the newest event is gone',
    sql: 'delete from database.events where tenant = 1 and sequence = 4',
    reported: ['numbering'],
  },
  {
    name: 'a batch is gone',
    sql: 'delete from database.batches where tenant = 1 and number = 2',
    reported: ['numbering'],
  },
  {
    name: 'an answered key has no status',
    sql: `alter table database.idempotency_keys drop constraint answered_with_a_status;
          update database.idempotency_keys set status = null where tenant = 1 and key = 'first'`,
    reported: ['idempotency', 'schema'],
  },
  {
    name: 'a running key has no worker',
    sql: `update database.idempotency_keys set worker = null where tenant = 1 and key = 'left'`,
    reported: ['idempotency'],
  },
  {
    name: 'a policy is dropped',
    sql: 'drop policy own_tenant on ledger.transfers',
    reported: ['row_level_security'],
  },
  {
    name: 'the policy that keeps closed periods closed is dropped',
    sql: 'drop policy open_period on ledger.transfers',
    reported: ['row_level_security'],
  },
  {
    name: 'a closed period is kept closed by nothing but a name',
    sql: `drop policy open_period on ledger.transfers;
          create policy open_period on ledger.transfers for insert to evenkeel_app with check (true)`,
    reported: ['row_level_security'],
  },
  {
    name: "the reader's policy is dropped",
    sql: 'drop policy every_tenant on database.idempotency_keys',
    reported: ['row_level_security'],
  },
  {
    name: 'a policy shows the app all tenants',
    sql: 'create policy all_tenants on ledger.accounts to evenkeel_app using (true)',
    reported: ['row_level_security'],
  },
  {
    name: 'a policy is for everybody',
    sql: 'alter policy own_tenant on ledger.accounts to public',
    reported: ['row_level_security'],
  },
  {
    name: 'row-level security is switched off',
    sql: 'alter table ledger.holds disable row level security',
    reported: ['row_level_security'],
  },
  {
    name: 'row-level security does not bind the owner',
    sql: 'alter table database.heads no force row level security',
    reported: ['row_level_security'],
  },
  {
    name: 'an index is unique over all tenants',
    sql: 'create unique index across on ledger.transfers (time_micros)',
    reported: ['tenant_keys'],
  },
  {
    name: 'a primary key is gone',
    sql: 'alter table ledger.holds drop constraint holds_pkey',
    reported: ['tenant_keys'],
  },
  {
    name: 'the app may update transfers',
    sql: 'grant update on ledger.transfers to evenkeel_app',
    reported: ['grants'],
  },
  {
    name: 'the app may update one column of a transfer',
    sql: 'grant update (amount) on ledger.transfers to evenkeel_app',
    reported: ['grants'],
  },
  {
    name: 'the app may delete accounts',
    sql: 'grant delete on ledger.accounts to evenkeel_app',
    reported: ['grants'],
  },
  {
    name: 'the app may empty the events',
    sql: 'grant truncate on database.events to evenkeel_app',
    reported: ['grants'],
  },
  {
    name: 'the app may write around the partitioned table',
    sql: 'grant insert on database.events_default to evenkeel_app',
    reported: ['grants'],
  },
  {
    name: 'the app may delete API keys',
    sql: 'grant delete on tenants.api_keys to evenkeel_app',
    reported: ['grants'],
  },
  {
    name: 'the reader may write',
    sql: 'grant insert on ledger.accounts to evenkeel_reader',
    reported: ['grants'],
  },
  { name: 'everybody may read', sql: 'grant select on ledger.accounts to public', reported: ['grants'] },
  {
    name: 'the app may make tables of its own',
    sql: 'grant create on schema ledger to evenkeel_app',
    reported: ['grants'],
  },
  {
    name: 'the app may make schemas of its own',
    sql: `do $$ begin execute format('grant create on database %I to evenkeel_app', current_database()); end $$`,
    reported: ['grants'],
  },
  {
    name: 'a function gives away the rights of its owner',
    sql: `create function ledger.open() returns void language sql security definer as 'select'`,
    reported: ['grants'],
  },
  {
    name: 'the app bypasses row-level security',
    sql: 'alter role evenkeel_app bypassrls',
    reported: ['roles'],
  },
  { name: 'the app is a superuser', sql: 'alter role evenkeel_app superuser', reported: ['roles'] },
  { name: 'the owner can log in', sql: 'alter role evenkeel_owner login', reported: ['roles'] },
  {
    name: 'the reader is the owner too',
    sql: 'grant evenkeel_owner to evenkeel_reader',
    reported: ['roles'],
  },
  {
    name: 'the app owns a table',
    sql: 'alter table ledger.failed_transfers owner to evenkeel_app',
    reported: ['roles'],
  },
  {
    name: 'a constraint is dropped',
    sql: 'alter table ledger.transfers drop constraint two_accounts',
    reported: ['schema'],
  },
  {
    name: 'a constraint is not validated',
    sql: 'alter table ledger.transfers add constraint positive check (amount > 0) not valid',
    reported: ['schema'],
  },
  {
    name: 'a trigger acts on the transfers',
    sql: `create function ledger.meddle() returns trigger language plpgsql as 'begin return new; end';
          create trigger meddler before insert on ledger.transfers for each row execute function ledger.meddle()`,
    reported: ['schema'],
  },
  {
    name: 'a rule acts on the transfers',
    sql: 'create rule swallow as on delete to ledger.transfers do instead nothing',
    reported: ['schema'],
  },
]
