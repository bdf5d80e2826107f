-- What rails have paid: each settlement once, and of each order how much of it has been accounted for.

create table payments.settlements (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  rail text not null,
  currency text not null,
  body jsonb not null,
  primary key (tenant, id)
);
create unique index settlements_by_time on payments.settlements (tenant, created_micros);
select database.protect('payments.settlements', 'select, insert');

create table payments.clearings (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 90);
create unique index clearings_by_time on payments.clearings (tenant, created_micros);
select database.protect('payments.clearings', 'select, insert');
grant update (body) on payments.clearings to evenkeel_app;
