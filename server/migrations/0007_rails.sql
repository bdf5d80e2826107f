-- What the sandbox's acquirer knows. It plays the outside: no other capability reads these tables, and they are not
-- written by the commit (docs/decisions/0011-sandbox-acquirer-outside.md). No card number is in them.

create schema rails;
grant usage on schema rails to evenkeel_app, evenkeel_reader;

-- Every order that arrived, once for each reference of ours. `lost` is an order whose sender heard nothing and that the
-- acquirer says it never got; it is done when it is sent again.
create table rails.orders (
  amount bigint not null check (amount >= 0),
  created_micros bigint not null,
  settle_day integer, -- the tenant's day on which it moved money; null: it moved none, or not yet
  tenant integer not null,
  kind text not null check (kind in ('authorise', 'capture', 'void', 'refund', 'pay_out')),
  status text not null check (status in ('succeeded', 'declined', 'pending', 'requires_action', 'lost', 'failed')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  is_captured boolean not null, -- of an authorisation: with its capture in one order
  reference text not null check (length(reference) between 1 and 200),
  "of" text, -- the reference of the authorisation that a later order is about
  token text,
  outcome jsonb not null,
  primary key (tenant, reference)
) with (fillfactor = 95);
create index orders_by_authorisation on rails.orders (tenant, "of") where "of" is not null;
create index orders_by_day on rails.orders (tenant, settle_day) where settle_day is not null;

-- A customer at the card issuer's page. Whoever knows the id may answer, so it cannot be guessed.
create table rails.authentications (
  amount bigint not null,
  created_micros bigint not null,
  resolved_micros bigint,
  tenant integer not null,
  status text not null check (status in ('open', 'succeeded', 'failed')),
  currency text not null,
  id text not null,
  reference text not null,
  token text not null,
  primary key (tenant, id),
  constraint resolved_at_a_time check ((status = 'open') = (resolved_micros is null))
);
create index authentications_by_token on rails.authentications (tenant, token);

create table rails.disputes (
  amount bigint not null,
  evidence_due_micros bigint not null,
  opened_day integer, -- when the money was taken back; null while it is an inquiry
  reversed_day integer, -- when it was given back
  tenant integer not null,
  state text not null check (state in ('planned', 'inquiry', 'opened', 'won', 'lost', 'closed')),
  currency text not null,
  reason text not null,
  id text not null,
  "of" text not null,
  primary key (tenant, id)
);
create index disputes_opened on rails.disputes (tenant, opened_day) where opened_day is not null;

-- What the acquirer will tell, and has told: each with an id of its own, due by the tenant's clock.
create table rails.notifications (
  due_micros bigint not null,
  delivered_micros bigint,
  tenant integer not null,
  position integer not null, -- among those due at the same time
  kind text not null,
  id text not null,
  subject text not null, -- the order that it is about: those of one order go out in their order
  body jsonb not null,
  primary key (tenant, id)
);
create index notifications_due on rails.notifications (tenant, due_micros) where delivered_micros is null;

-- Latency and faults, as the tester has set them; and which process delivers for the tenant, until when by the wall clock.
create table rails.acquirers (
  tenant integer not null,
  lease_until_ms bigint not null default 0,
  worker uuid,
  knobs jsonb not null default '{}',
  primary key (tenant)
);

-- Which tenants have something to be told, and when by the wall clock; it belongs to no tenant.
create table rails.due (
  tenant integer not null,
  due_ms bigint not null,
  primary key (tenant)
);
create index due_by_time on rails.due (due_ms);
grant select, insert, update (due_ms) on rails.due to evenkeel_app;
grant select on rails.due to evenkeel_reader;

select database.protect('rails.orders', 'select, insert');
select database.protect('rails.authentications', 'select, insert');
select database.protect('rails.disputes', 'select, insert');
select database.protect('rails.notifications', 'select, insert');
select database.protect('rails.acquirers', 'select, insert');
grant update (status, outcome, settle_day, created_micros) on rails.orders to evenkeel_app;
grant update (status, resolved_micros) on rails.authentications to evenkeel_app;
grant update (state, evidence_due_micros, opened_day, reversed_day) on rails.disputes to evenkeel_app;
grant update (delivered_micros) on rails.notifications to evenkeel_app;
grant update (knobs, lease_until_ms, worker) on rails.acquirers to evenkeel_app;
