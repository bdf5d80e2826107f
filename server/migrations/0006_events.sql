-- Events are read by their ids, and webhooks deliver them.

-- Not unique: an index over all months could only be so together with the month. An id is 128 bits that we made.
create index events_by_id on database.events (tenant, id);

-- How many workers have worked on the request: one, and each that took it over from one that was gone.
alter table database.idempotency_keys add column attempts integer not null default 1;
grant update (attempts) on database.idempotency_keys to evenkeel_app;

create schema events;
grant usage on schema events to evenkeel_app, evenkeel_reader;

-- Who wants to be told of what, written by the commit. Deleted ones stay, because deliveries name them.
create table events.endpoints (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  body jsonb not null,
  deleted boolean not null,
  primary key (tenant, id)
);
create unique index endpoints_by_time on events.endpoints (tenant, created_micros);
select database.protect('events.endpoints', 'select, insert');
grant update (body, deleted) on events.endpoints to evenkeel_app;

-- Up to which of a tenant's events deliveries were made. Moved in the transaction that makes them.
create table events.cursors (
  tenant integer not null,
  sequence bigint not null,
  primary key (tenant)
);
select database.protect('events.cursors', 'select, insert');
grant update (sequence) on events.cursors to evenkeel_app;

-- An event on its way to an endpoint. Machinery and no state of anybody's money, so it is written beside the commit
-- (docs/decisions/0013-deliveries-outside-the-commit.md), by whoever holds the tenant's lease.
create table events.deliveries (
  tenant integer not null,
  id uuid not null,
  created_day date not null,
  created_micros bigint not null,
  endpoint uuid not null,
  event uuid not null,
  event_sequence bigint not null,
  event_day date not null,
  event_type text not null,
  object_id text,
  state smallint not null check (state between 0 and 3), -- 0 pending, 1 succeeded, 2 failed, 3 canceled
  attempts integer not null,
  due_micros bigint, -- the tenant's clock
  primary key (tenant, id, created_day),
  constraint pending_is_due check ((state = 0) = (due_micros is not null))
) partition by range (created_day);
create table events.deliveries_default partition of events.deliveries default;
create index deliveries_due on events.deliveries (tenant, endpoint, due_micros, event_sequence) where state = 0;
create index deliveries_by_event on events.deliveries (tenant, event_sequence);
create index deliveries_by_endpoint on events.deliveries (tenant, endpoint, created_micros, id);
create index deliveries_open on events.deliveries (tenant, event_sequence) where state <> 1;
select database.protect('events.deliveries', 'select, insert');
grant update (state, attempts, due_micros) on events.deliveries to evenkeel_app;

-- What was sent and answered, attempt by attempt.
create table events.attempts (
  tenant integer not null,
  delivery uuid not null,
  number integer not null check (number > 0),
  created_day date not null,
  at_micros bigint not null, -- the tenant's clock
  sent_ms bigint not null,   -- the wall clock, as in the signature
  duration_ms integer not null,
  request_headers jsonb not null,
  status integer,
  error text,
  response text not null,
  primary key (tenant, delivery, number, created_day)
) partition by range (created_day);
create table events.attempts_default partition of events.attempts default;
select database.protect('events.attempts', 'select, insert');

-- When an endpoint last did what it is there for.
create table events.health (
  tenant integer not null,
  endpoint uuid not null,
  succeeded_micros bigint,
  failed_micros bigint,
  primary key (tenant, endpoint)
);
select database.protect('events.health', 'select, insert');
grant update (succeeded_micros, failed_micros) on events.health to evenkeel_app;

-- The tenants that have endpoints, and who works on their deliveries until when. It belongs to no tenant and is read
-- across them. All times are the wall clock's.
create table events.listening (
  tenant integer not null,
  look_ms bigint not null,
  worker uuid,
  lease_until_ms bigint not null default 0,
  asked_until_ms bigint not null default 0,
  primary key (tenant)
);
create index listening_by_time on events.listening (look_ms);
grant select, insert, update (look_ms, worker, lease_until_ms, asked_until_ms) on events.listening to evenkeel_app;
grant select on events.listening to evenkeel_reader;
