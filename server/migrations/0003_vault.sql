-- Keys that encrypt what is secret at rest. The master key itself is never in the database.

create schema vault;
grant usage on schema vault to evenkeel_app, evenkeel_reader;

-- A mark of the master key with which this database was made: with another one nothing here could be read again.
create table vault.master_key (
  id integer not null check (id = 1),
  fingerprint bytea not null check (length(fingerprint) = 16),
  created_at timestamptz not null default now(),
  primary key (id)
);
grant select on vault.master_key to evenkeel_app, evenkeel_reader;

-- The data keys of each tenant, wrapped by the master key. A new version replaces none: old rows name theirs.
create table vault.data_keys (
  tenant integer not null,
  version integer not null check (version > 0),
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (tenant, version)
);
select database.protect('vault.data_keys', 'select, insert');
