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
