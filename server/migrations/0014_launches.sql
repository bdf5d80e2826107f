-- Launches: the record that people write, sign and decide over, and what each of them feared before they spoke together.
-- Resources as rows (docs/decisions/0010-records.md): what lists filter by is a column, the rest is the document.

create schema launches;
grant usage on schema launches to evenkeel_app, evenkeel_reader;

create table launches.launches (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  status text not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 50);
create unique index launches_by_time on launches.launches (tenant, created_micros);
create index launches_by_status on launches.launches (tenant, status, created_micros);
select database.protect('launches.launches', 'select, insert');
grant update (status, body) on launches.launches to evenkeel_app;

-- One row for each launch, under its id: what people wrote alone before the owner opened it.
create table launches.premortems (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 50);
create unique index premortems_by_time on launches.premortems (tenant, created_micros);
select database.protect('launches.premortems', 'select, insert');
grant update (body) on launches.premortems to evenkeel_app;
