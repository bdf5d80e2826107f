-- Closed periods of the books: nothing is booked on a day of a standing closing. A closing is never deleted; reopening it says when and why.

create table ledger.closings (
  tenant integer not null,
  number integer not null check (number > 0),
  id uuid not null,
  after date, -- the last day of the closing before it; null: it holds everything from the beginning
  through date not null,
  created_micros bigint not null,
  digest text check (length(digest) = 64), -- null until the closed period's figures are added up
  entries bigint check (entries >= 0),
  form smallint not null, -- how the digest is made
  reopened_micros bigint,
  reopened_reason text check (length(reopened_reason) between 1 and 500),
  primary key (tenant, number),
  constraint holds_a_day check (after is null or after < through),
  constraint digest_with_its_entries check ((digest is null) = (entries is null)),
  constraint reopened_for_a_reason check ((reopened_micros is null) = (reopened_reason is null))
);
create unique index closings_by_id on ledger.closings (tenant, id);
create unique index closings_standing on ledger.closings (tenant, through) where reopened_micros is null;
select database.protect('ledger.closings', 'select, insert');
grant update (digest, entries, reopened_micros, reopened_reason) on ledger.closings to evenkeel_app;

-- The commit refuses such a transfer by name. This says it once more, so that no release and no mistake of ours can change
-- what was closed; it is asked once for each statement and not for each row.
create policy open_period on ledger.transfers as restrictive for insert to evenkeel_app
  with check (book_date > coalesce(
    (select max(c.through) from ledger.closings c
      where c.tenant = (select current_setting('evenkeel.tenant')::integer) and c.reopened_micros is null),
    '-infinity'::date));
