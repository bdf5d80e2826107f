-- Which rails a payment takes: one table of rules for each tenant, read with every attempt and kept in memory.

create schema routing;
grant usage on schema routing to evenkeel_app, evenkeel_reader;

create table routing.tables (
  updated_micros bigint not null,
  tenant integer not null,
  version integer not null constraint version_from_one check (version > 0),
  rules jsonb not null,
  primary key (tenant)
);
select database.protect('routing.tables', 'select, insert');
grant update (version, updated_micros, rules) on routing.tables to evenkeel_app;
