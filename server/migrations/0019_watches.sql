-- What the controller of launches knows and says, and what service levels are held to. Written by its ticks.

-- One row for each launch, under its id: counts, verdicts, and what its tests remember.
create table launches.watches (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 50);
create unique index watches_by_time on launches.watches (tenant, created_micros);
select database.protect('launches.watches', 'select, insert');
grant update (body) on launches.watches to evenkeel_app;

-- Up to which of the tenant's events was counted. Whoever moves it on names where it stood, so nothing counts twice.
create table launches.ticks (
  tenant integer not null,
  sequence bigint not null,
  body jsonb not null,
  primary key (tenant)
) with (fillfactor = 50);
select database.protect('launches.ticks', 'select, insert');
grant update (sequence, body) on launches.ticks to evenkeel_app;

-- Every look at which something had changed, with all it found. Kept 90 days.
create table launches.verdicts (
  tenant integer not null,
  launch uuid not null,
  created_micros bigint not null,
  created_day date not null,
  stage integer not null,
  status text not null,
  verdicts jsonb not null,
  primary key (tenant, launch, created_micros, created_day)
) partition by range (created_day);
create table launches.verdicts_default partition of launches.verdicts default;
select database.protect('launches.verdicts', 'select, insert');

-- What is promised: targets are settings, and each change of them stands in the audit log.
create table launches.service_levels (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  name text not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 50);
create unique index service_levels_by_name on launches.service_levels (tenant, name);
create unique index service_levels_by_time on launches.service_levels (tenant, created_micros);
select database.protect('launches.service_levels', 'select, insert');
grant update (body) on launches.service_levels to evenkeel_app;

-- Good and bad, in slots of five minutes of the tenant's time, counted since 1970.
create table launches.service_slots (
  tenant integer not null,
  level text not null,
  slot integer not null,
  good bigint not null,
  bad bigint not null,
  primary key (tenant, level, slot)
) with (fillfactor = 50);
select database.protect('launches.service_slots', 'select, insert');
grant update (good, bad) on launches.service_slots to evenkeel_app;
