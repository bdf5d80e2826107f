-- What the commit itself writes: the head row of each tenant, the batches, idempotency, events and timers.
--
-- Rules of every table that holds a tenant's rows, here and in all later files (a test walks the catalogue):
--   * `tenant` leads the primary key, every unique index and every foreign key;
--   * row-level security is enabled and forced, and database.protect() below gives the two policies;
--   * no trigger, and no sequence, lock or uniqueness that two tenants share;
--   * times that money logic sees are bigint microseconds since 1970, named …_micros.
-- The schema and database.migrations are made by the runner before this file.

grant usage on schema database to evenkeel_app, evenkeel_reader;
grant select on database.migrations, database.schema_floor to evenkeel_app, evenkeel_reader;

-- Closes a tenant's table: the app sees one tenant, the one that its transaction has set, and without one it sees
-- an error. The reader (verify, doctor) sees all. `app_may` is what the app is granted, such as 'select, insert'.
-- The owner holds the app's role and so passes through the same policy: it too works on one tenant at a time.
create function database.protect(target regclass, app_may text) returns void
language plpgsql as $$
declare
  own constant text := '(tenant = (select current_setting(''evenkeel.tenant'')::integer))';
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy own_tenant on %s to evenkeel_app using %s with check %s', target, own, own);
  execute format('create policy every_tenant on %s for select to evenkeel_reader using (true)', target);
  execute format('grant %s on %s to evenkeel_app', app_may, target);
  execute format('grant select on %s to evenkeel_reader', target);
end
$$;
revoke execute on function database.protect(regclass, text) from public;

-- Ends the transaction when a statement of the commit did not touch as many rows as it was given: whatever the decide
-- step overlooked, nothing is half done. It is called in the statement itself, because COMMIT is sent along with it.
create function database.expect(touched bigint, given bigint) returns bigint
language plpgsql as $$
begin
  if touched is distinct from given then
    raise exception 'a statement touched % rows where % were given', touched, given using errcode = 'integrity_constraint_violation';
  end if;
  return touched;
end
$$;

-- One row per tenant, locked first by every batch: that makes the batches of a tenant serial over all processes.
-- It is written by every batch, so its page keeps room for new versions of the row.
create table database.heads (
  tenant integer not null check (tenant > 0),
  newest_micros bigint not null default 0,
  account_micros bigint not null default 0,
  transfer_micros bigint not null default 0,
  transfer_sequence bigint not null default 0,
  event_sequence bigint not null default 0,
  batch bigint not null default 0,
  clock_offset_micros bigint not null default 0,
  controls_version bigint not null default 0,
  -- A copy of the tenant's, which never changes: the commit reads nothing about a tenant but this row.
  time_zone text not null default 'UTC',
  primary key (tenant)
) with (fillfactor = 20);
select database.protect('database.heads', 'select');
grant update (newest_micros, account_micros, transfer_micros, transfer_sequence, event_sequence, batch,
              clock_offset_micros, controls_version)
  on database.heads to evenkeel_app;

-- The newest batches of each tenant, by which a lost answer to COMMIT is looked up.
create table database.batches (
  tenant integer not null,
  number bigint not null,
  id uuid not null,
  units integer not null check (units > 0),
  committed_micros bigint not null,
  primary key (tenant, number)
);
select database.protect('database.batches', 'select, insert, delete');

-- Kept for ever: a key that moved money never becomes new again.
create table database.idempotency_keys (
  tenant integer not null,
  scope text not null default '', -- the connected account, '' for the tenant itself
  key text not null check (length(key) between 1 and 255),
  digest bytea not null,
  created_micros bigint not null,
  state smallint not null check (state in (0, 1)), -- 0 running, 1 answered
  status integer,
  code text,
  object_id text,
  step jsonb,
  worker uuid,
  lease_until_ms bigint, -- wall clock
  primary key (tenant, scope, key),
  constraint answered_with_a_status check (state = 0 or status is not null)
) with (fillfactor = 95);
select database.protect('database.idempotency_keys', 'select, insert');
grant update (state, status, code, object_id, step, worker, lease_until_ms)
  on database.idempotency_keys to evenkeel_app;

-- The bodies of answers, kept 30 days apart from their keys. Partitions are months of the tenant's time; what has
-- none, such as the future of a sandbox whose clock was moved, goes to the default one.
create table database.idempotency_answers (
  tenant integer not null,
  scope text not null default '',
  key text not null,
  created_day date not null,
  body text not null,
  sealed boolean not null default false, -- true: holds a secret, and is encrypted
  primary key (tenant, created_day, scope, key)
) partition by range (created_day);
create table database.idempotency_answers_default partition of database.idempotency_answers default;
select database.protect('database.idempotency_answers', 'select, insert');

-- What happened, numbered without gaps per tenant. The day stands last in the key: it is there for the partitions,
-- and a page of events is a range of numbers.
create table database.events (
  tenant integer not null,
  sequence bigint not null,
  id uuid not null,
  type text not null,
  created_micros bigint not null,
  created_day date not null,
  data jsonb not null,
  request_id text,
  idempotency_key text,
  primary key (tenant, sequence, created_day)
) partition by range (created_day);
create table database.events_default partition of database.events default;
select database.protect('database.events', 'select, insert');

-- What falls due by the tenant's clock.
create table database.timers (
  tenant integer not null,
  kind text not null,
  subject uuid not null,
  due_micros bigint not null,
  primary key (tenant, kind, subject)
);
create index timers_by_due on database.timers (tenant, due_micros);
select database.protect('database.timers', 'select, insert, delete');
grant update (due_micros) on database.timers to evenkeel_app;

-- The one table about tenants that belongs to none: which of them have work due, and when by the wall clock.
create table database.due (
  tenant integer not null,
  due_ms bigint not null,
  primary key (tenant)
);
create index due_by_time on database.due (due_ms);
grant select, insert, delete, update (due_ms) on database.due to evenkeel_app;
grant select on database.due to evenkeel_reader;
