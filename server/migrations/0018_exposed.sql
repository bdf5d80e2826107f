-- Payments that went the way of a launch: listed exactly, and watched cheaply. Whatever was not exposed has nothing but
-- nulls in these columns and stands in none of the indexes, so that it costs what it did before.

alter table payments.charges add column exposed_by uuid;
create index charges_by_launch on payments.charges (tenant, exposed_by, created_micros) where exposed_by is not null;

-- The launch, for as long as the attempt has not ended.
alter table payments.attempts add column in_flight uuid;
create index attempts_in_flight on payments.attempts (tenant, in_flight, created_micros) where in_flight is not null;
grant update (in_flight) on payments.attempts to evenkeel_app;

-- The launch whose way an order went that was settled otherwise than expected, or more than once.
alter table payments.clearings add column off_by uuid;
create index clearings_off on payments.clearings (tenant, off_by, created_micros) where off_by is not null;
grant update (off_by) on payments.clearings to evenkeel_app;

-- One row for each payment and each launch that exposed an attempt of it, by the moment when the payment was made.
create table payments.exposed_intents (
  tenant integer not null,
  launch uuid not null,
  created_micros bigint not null,
  intent uuid not null,
  primary key (tenant, launch, created_micros)
);
select database.protect('payments.exposed_intents', 'select, insert');
