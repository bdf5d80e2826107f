-- Customers, their cards, tokens, and the setting up of cards for later.
-- Resources as rows (docs/decisions/0010-records.md): what lists filter by is a column, the rest is the document.
-- No number of a card stands here: a fingerprint, the last four digits, and what the rail calls it.

create schema customers;
grant usage on schema customers to evenkeel_app, evenkeel_reader;

create table customers.customers (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  email text,
  test_clock text,
  deleted boolean not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 80);
create unique index customers_by_time on customers.customers (tenant, created_micros);
create index customers_by_email on customers.customers (tenant, email, created_micros) where email is not null;
create index customers_by_any_email on customers.customers (tenant, lower(email), created_micros)
  where email is not null;
select database.protect('customers.customers', 'select, insert');
grant update (email, deleted, body) on customers.customers to evenkeel_app;

create table customers.payment_methods (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  customer uuid,
  type text not null,
  allow_redisplay text not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 80);
create unique index payment_methods_by_time on customers.payment_methods (tenant, created_micros);
create index payment_methods_by_customer on customers.payment_methods (tenant, customer, created_micros)
  where customer is not null;
select database.protect('customers.payment_methods', 'select, insert');
grant update (customer, allow_redisplay, body) on customers.payment_methods to evenkeel_app;

create table customers.tokens (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 80);
create unique index tokens_by_time on customers.tokens (tenant, created_micros);
select database.protect('customers.tokens', 'select, insert');
grant update (body) on customers.tokens to evenkeel_app;

create table customers.setup_intents (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  customer uuid,
  payment_method uuid,
  status text not null check (status in ('requires_payment_method', 'requires_confirmation', 'requires_action',
                                         'processing', 'succeeded', 'canceled')),
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 70);
create unique index setup_intents_by_time on customers.setup_intents (tenant, created_micros);
create index setup_intents_by_customer on customers.setup_intents (tenant, customer, created_micros)
  where customer is not null;
create index setup_intents_by_payment_method on customers.setup_intents (tenant, payment_method, created_micros)
  where payment_method is not null;
select database.protect('customers.setup_intents', 'select, insert');
grant update (customer, payment_method, status, body) on customers.setup_intents to evenkeel_app;

create table customers.setup_attempts (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  setup_intent uuid not null,
  authentication text, -- what the rail calls the customer's authentication
  body jsonb not null,
  primary key (tenant, id)
) with (fillfactor = 70);
create unique index setup_attempts_by_time on customers.setup_attempts (tenant, created_micros);
create index setup_attempts_by_intent on customers.setup_attempts (tenant, setup_intent, created_micros);
create unique index setup_attempts_by_authentication on customers.setup_attempts (tenant, authentication)
  where authentication is not null;
select database.protect('customers.setup_attempts', 'select, insert');
grant update (authentication, body) on customers.setup_attempts to evenkeel_app;
