-- Who did what, when and why: entries that nobody may change, one chain for each tenant. `content` is the canonical JSON
-- that was hashed, letter by letter; the columns beside it are for finding, and verify compares them with it.

create schema audit;
grant usage on schema audit to evenkeel_app, evenkeel_reader;

create table audit.entries (
  tenant integer not null,
  position bigint not null check (position > 0),
  id uuid not null,
  created_micros bigint not null,
  action text not null,
  subject text not null,
  previous_hash text not null check (length(previous_hash) = 64),
  hash text not null check (length(hash) = 64),
  content text not null,
  primary key (tenant, position)
);
create unique index entries_by_id on audit.entries (tenant, id);
create index entries_by_action on audit.entries (tenant, action, position);
create index entries_by_subject on audit.entries (tenant, subject, position);
select database.protect('audit.entries', 'select, insert');

-- The end of each chain, so that a commit continues it without looking for it.
create table audit.heads (
  tenant integer not null,
  position bigint not null check (position > 0),
  hash text not null check (length(hash) = 64),
  primary key (tenant)
) with (fillfactor = 50);
select database.protect('audit.heads', 'select, insert');
grant update (position, hash) on audit.heads to evenkeel_app;
