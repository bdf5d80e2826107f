-- Payments: intents, the attempts they make at a rail, charges, what moves the balance, refunds and disputes.
-- Resources as rows (docs/decisions/0010-records.md): what lists filter by is a column, the rest is the document.
-- What must add up stands in the ledger.

create schema payments;
grant usage on schema payments to evenkeel_app, evenkeel_reader;

create table payments.intents (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  customer uuid,
  status text not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 70);
create unique index intents_by_time on payments.intents (tenant, created_micros);
create index intents_by_customer on payments.intents (tenant, customer, created_micros) where customer is not null;
select database.protect('payments.intents', 'select, insert');
grant update (status, customer, body) on payments.intents to evenkeel_app;

create table payments.attempts (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  intent uuid not null,
  state text not null,
  authentication text,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 70);
create unique index attempts_by_time on payments.attempts (tenant, created_micros);
create index attempts_by_intent on payments.attempts (tenant, intent, created_micros);
create index attempts_by_authentication on payments.attempts (tenant, authentication) where authentication is not null;
select database.protect('payments.attempts', 'select, insert');
grant update (state, authentication, body) on payments.attempts to evenkeel_app;

create table payments.charges (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  intent uuid not null,
  attempt uuid not null,
  customer uuid,
  status text not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 80);
create unique index charges_by_time on payments.charges (tenant, created_micros);
create index charges_by_intent on payments.charges (tenant, intent, created_micros);
create index charges_by_customer on payments.charges (tenant, customer, created_micros) where customer is not null;
select database.protect('payments.charges', 'select, insert');
grant update (status, customer, body) on payments.charges to evenkeel_app;

-- Never changes: whether it is available is whether its moment has come.
create table payments.balance_transactions (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  available_on_micros bigint not null,
  type text not null,
  source text not null,
  currency text not null,
  body jsonb not null,
  primary key (tenant, id)
);
create unique index balance_transactions_by_time on payments.balance_transactions (tenant, created_micros);
create index balance_transactions_by_source on payments.balance_transactions (tenant, source, created_micros);
select database.protect('payments.balance_transactions', 'select, insert');

-- What becomes available at one moment in one currency. Payments add to it without reading it, many in one batch, so its
-- amount is a column and not part of a document.
create table payments.releases (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  currency text not null,
  available_on_micros bigint not null,
  amount bigint not null,
  state text not null,
  primary key (tenant, id)
) with (fillfactor = 50);
create unique index releases_by_moment on payments.releases (tenant, available_on_micros, currency);
select database.protect('payments.releases', 'select, insert');
grant update (amount, state) on payments.releases to evenkeel_app;

create table payments.refunds (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  charge uuid not null,
  intent uuid not null,
  status text not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 80);
create unique index refunds_by_time on payments.refunds (tenant, created_micros);
create index refunds_by_charge on payments.refunds (tenant, charge, created_micros);
create index refunds_by_intent on payments.refunds (tenant, intent, created_micros);
select database.protect('payments.refunds', 'select, insert');
grant update (status, body) on payments.refunds to evenkeel_app;

create table payments.disputes (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  charge uuid not null,
  intent uuid not null,
  status text not null,
  rail_dispute text not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 80);
create unique index disputes_by_time on payments.disputes (tenant, created_micros);
create unique index disputes_by_rail on payments.disputes (tenant, rail_dispute);
create index disputes_by_charge on payments.disputes (tenant, charge, created_micros);
create index disputes_by_intent on payments.disputes (tenant, intent, created_micros);
select database.protect('payments.disputes', 'select, insert');
grant update (status, body) on payments.disputes to evenkeel_app;
