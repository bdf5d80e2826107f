-- The master key can be replaced. While that is prepared, its mark stands beside the present one, and whoever runs says
-- which keys it knows.

alter table vault.master_key add column next_fingerprint bytea check (length(next_fingerprint) = 16);
alter table vault.master_key add column announced_at timestamptz;
alter table vault.master_key add column rotated_at timestamptz;

-- What was derived from the first master key and must stay the same under every later one, such as what client secrets
-- of payments are made with. A release that does not know this table derives the same values until the first rotation,
-- which raises the floor.
create table vault.secrets (
  purpose text not null,
  wrapped bytea not null,
  created_at timestamptz not null default now(),
  primary key (purpose)
);
grant select on vault.secrets to evenkeel_app, evenkeel_reader;

-- Who runs and which keys it knew when a rotation was announced, by their marks. Each announcement begins it anew.
create table vault.servers (
  server uuid not null,
  session text not null,
  address text,
  fingerprints bytea[] not null,
  seen_at timestamptz not null default now(),
  primary key (server)
);
grant select, insert on vault.servers to evenkeel_app;
grant select on vault.servers to evenkeel_reader;
