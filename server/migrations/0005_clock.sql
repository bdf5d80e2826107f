-- The tenant's clock can be taken in hand. Then it stands still at clock_frozen_micros, until it is moved on or let go.
-- While clock_advancing is set it is being moved from due timer to due timer, and nobody else writes.
alter table database.heads add column clock_frozen_micros bigint;
alter table database.heads add column clock_advancing boolean not null default false;
alter table database.heads add constraint advancing_stands_still
  check (not clock_advancing or clock_frozen_micros is not null);
grant update (clock_frozen_micros, clock_advancing) on database.heads to evenkeel_app;

-- A timer of the machinery, such as asking a rail again, falls due by the wall clock.
alter table database.timers add column wall boolean not null default false;
grant update (wall) on database.timers to evenkeel_app;
create index timers_by_clock on database.timers (tenant, wall, due_micros);
drop index database.timers_by_due;

create schema clock;
grant usage on schema clock to evenkeel_app, evenkeel_reader;

-- Each time that a sandbox's clock was taken in hand: Stripe's test clock. One that was deleted stays, unheld.
create table clock.clocks (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  held boolean not null,
  body jsonb not null,
  primary key (tenant, id)
);
create unique index clocks_by_time on clock.clocks (tenant, created_micros);
select database.protect('clock.clocks', 'select, insert');
grant update (held, body) on clock.clocks to evenkeel_app;

-- Who holds the tenant's clock, and which process moves it on until when by the wall clock.
create table clock.hands (
  tenant integer not null,
  clock uuid,
  leader uuid,
  lease_until_ms bigint,
  primary key (tenant)
);
select database.protect('clock.hands', 'select, insert');
grant update (clock, leader, lease_until_ms) on clock.hands to evenkeel_app;
