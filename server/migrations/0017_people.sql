-- People: each with a role and a key of his own. Only the owner writes them, at the machine's command line; the app reads.

create schema people;
grant usage on schema people to evenkeel_app, evenkeel_reader;

create table people.people (
  tenant integer not null,
  id uuid not null,
  created_micros bigint not null,
  name_key text not null, -- by which two people are told apart
  removed boolean not null,
  body jsonb not null,
  primary key (tenant, id)
);
create unique index people_by_time on people.people (tenant, created_micros);
create unique index people_by_name on people.people (tenant, name_key) where not removed;
select database.protect('people.people', 'select');

-- A person's key stands among the tenant's keys and names whose it is.
alter table tenants.api_keys add column person uuid;
alter table tenants.api_keys drop constraint api_keys_kind_check;
alter table tenants.api_keys add constraint api_keys_kind_check
  check (kind in ('secret', 'restricted', 'publishable', 'person'));
alter table tenants.api_keys add constraint persons_keys_name_them check ((kind = 'person') = (person is not null));
create index api_keys_by_person on tenants.api_keys (tenant, person) where person is not null;

-- Keys are made and ended by the owner alone. The app never did; now it may not, so that no request can make a person's key.
revoke insert, update on tenants.api_keys from evenkeel_app;
revoke update (name, expires_at, revoked_at) on tenants.api_keys from evenkeel_app;
