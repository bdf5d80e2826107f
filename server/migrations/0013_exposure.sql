-- Which units go a launched way: launches write it, payments read it in the commit that makes an attempt.

create schema exposure;
grant usage on schema exposure to evenkeel_app, evenkeel_reader;

-- All live controls of a tenant are one row: read under the head row's lock, and kept in memory for as long as the head
-- row says that nobody else has committed. Every change of any control raises the version.
create table exposure.controls (
  tenant integer not null,
  version bigint not null,
  body jsonb not null,
  constraint versions_rise check (version > 0),
  primary key (tenant)
) with (fillfactor = 50);
select database.protect('exposure.controls', 'select, insert');
grant update (version, body) on exposure.controls to evenkeel_app;

-- What each stage of a launch has taken from its caps in money, in minor units of their currency. The day is that of the
-- tenant's zone, in days since 1970; on another day reserved_today counts as nothing.
create table exposure.counters (
  tenant integer not null,
  launch uuid not null,
  stage integer not null,
  day integer not null,
  reserved_today bigint not null,
  reserved_in_stage bigint not null,
  constraint reserved_is_not_negative check (reserved_today >= 0),
  constraint stage_holds_its_day check (reserved_in_stage >= reserved_today),
  primary key (tenant, launch, stage)
) with (fillfactor = 50);
select database.protect('exposure.counters', 'select, insert');
grant update (day, reserved_today, reserved_in_stage) on exposure.counters to evenkeel_app;
