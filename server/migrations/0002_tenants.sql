-- Who there is: the live books, sandboxes, clients of a group. Made and deleted by the owner only.

create schema tenants;
grant usage on schema tenants to evenkeel_app, evenkeel_reader;

-- The list of tenants itself belongs to no tenant and is no secret from the app, which may only read it.
-- Names need not differ: nothing is unique across tenants but the number.
create table tenants.tenants (
  tenant integer not null check (tenant > 0),
  kind text not null check (kind in ('live', 'sandbox')),
  name text not null check (length(name) between 1 and 200),
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant)
);
grant select on tenants.tenants to evenkeel_app, evenkeel_reader;

-- A key's text names its tenant, so it is looked up among that tenant's. Only its hash is stored.
create table tenants.api_keys (
  tenant integer not null,
  id uuid not null,
  kind text not null check (kind in ('secret', 'restricted', 'publishable')),
  hash bytea not null check (length(hash) = 32), -- SHA-256
  last4 text not null check (length(last4) = 4),
  name text not null check (length(name) between 1 and 200),
  permissions jsonb, -- of a restricted key
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  primary key (tenant, id),
  unique (tenant, hash),
  constraint restricted_keys_say_how check ((kind = 'restricted') = (permissions is not null))
);
select database.protect('tenants.api_keys', 'select, insert');
grant update (name, expires_at, revoked_at) on tenants.api_keys to evenkeel_app;
