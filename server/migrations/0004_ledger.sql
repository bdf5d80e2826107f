-- The ledger: accounts, and immutable transfers that carry both accounts' four balances after them.
-- A balance is stored nowhere else: an account's balances are those of its newest entry, so there is nothing that
-- could be edited and nothing that could drift. Rules that the decide step keeps are stated here once more, so that
-- not even our own code can break them.

create schema ledger;
grant usage on schema ledger to evenkeel_app, evenkeel_reader;

create table ledger.ledgers (
  tenant integer not null,
  number integer not null check (number > 0),
  name text not null check (length(name) between 1 and 200),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  created_micros bigint not null,
  primary key (tenant, number)
);

-- Of an account only these change: whether it is closed, and what its daily totals add up to. All of it is in no
-- index, so an update stays on its page (HOT).
create table ledger.accounts (
  time_micros bigint not null,
  user_data bigint not null,
  -- What the daily totals of the account add up to. Its posted balances less these were posted on book_day.
  daily_debits bigint not null default 0 check (daily_debits >= 0),
  daily_credits bigint not null default 0 check (daily_credits >= 0),
  id uuid not null,
  tenant integer not null,
  ledger integer not null,
  code integer not null check (code between 1 and 65535),
  flags integer not null,
  book_day date not null, -- the newest book date that was posted
  closed boolean not null default false,
  reference text check (length(reference) between 1 and 200),
  metadata jsonb,
  -- Ledger and flags stand in the index, so that the check of every transfer against both of its accounts needs no
  -- look into the table.
  primary key (tenant, id) include (ledger, flags),
  -- 2 = debits_must_not_exceed_credits, 4 = credits_must_not_exceed_debits (core/flags.ts)
  constraint limits_exclude_each_other check (flags & 6 <> 6)
) with (fillfactor = 80);

create unique index accounts_by_time on ledger.accounts (tenant, time_micros);
create index accounts_by_ledger on ledger.accounts (tenant, ledger, time_micros);
create unique index accounts_by_reference on ledger.accounts (tenant, reference) where reference is not null;

create table ledger.transfers (
  time_micros bigint not null,
  sequence bigint not null,
  amount bigint not null check (amount >= 0),
  released bigint not null check (released >= 0),
  user_data bigint not null,
  debit_debits_pending bigint not null,
  debit_debits_posted bigint not null,
  debit_credits_pending bigint not null,
  debit_credits_posted bigint not null,
  credit_debits_pending bigint not null,
  credit_debits_posted bigint not null,
  credit_credits_pending bigint not null,
  credit_credits_posted bigint not null,
  id uuid, -- null: the expiry of the pending transfer that pending_id names
  debit_account uuid not null,
  credit_account uuid not null,
  pending_id uuid,
  tenant integer not null,
  ledger integer not null,
  code integer not null check (code between 1 and 65535),
  flags integer not null,
  timeout_s integer not null check (timeout_s >= 0),
  book_date date not null,
  value_date date not null,
  external_reference text check (length(external_reference) between 1 and 200),
  metadata jsonb,
  primary key (tenant, time_micros),
  constraint two_accounts check (debit_account <> credit_account),
  -- The sums raise an error of their own where they would pass 64 bits.
  constraint balances_within_bounds check (
    debit_debits_pending >= 0 and debit_debits_posted >= 0 and debit_credits_pending >= 0 and debit_credits_posted >= 0
    and credit_debits_pending >= 0 and credit_debits_posted >= 0 and credit_credits_pending >= 0
    and credit_credits_posted >= 0
    and debit_debits_pending + debit_debits_posted >= 0 and debit_credits_pending + debit_credits_posted >= 0
    and credit_debits_pending + credit_debits_posted >= 0 and credit_credits_pending + credit_credits_posted >= 0
  ),
  constraint expiry_names_its_hold check (id is not null or pending_id is not null)
);

create unique index transfers_by_id on ledger.transfers (tenant, id);
create index transfers_by_debit on ledger.transfers (tenant, debit_account, time_micros);
create index transfers_by_credit on ledger.transfers (tenant, credit_account, time_micros);
-- A pending transfer is resolved at most once: posted, voided or expired.
create unique index transfers_by_pending on ledger.transfers (tenant, pending_id) where pending_id is not null;
create index transfers_by_external_reference on ledger.transfers (tenant, external_reference, time_micros)
  where external_reference is not null;

create table ledger.holds (
  amount bigint not null check (amount >= 0),
  expires_micros bigint,
  resolved_by bigint,
  id uuid not null,
  debit_account uuid not null,
  credit_account uuid not null,
  tenant integer not null,
  ledger integer not null,
  state smallint not null check (state between 0 and 3), -- 0 pending, 1 posted, 2 voided, 3 expired
  primary key (tenant, id),
  constraint resolved_once check ((state = 0) = (resolved_by is null))
) with (fillfactor = 80);

create index holds_open on ledger.holds (tenant, ledger) where state = 0;

-- Ids that failed for a reason that could pass: they never succeed later by surprise.
create table ledger.failed_transfers (
  tenant integer not null,
  id uuid not null,
  status text not null,
  primary key (tenant, id)
);

-- What was posted to an account on each book date before its newest one. What was posted on the newest is the rest.
create table ledger.daily_totals (
  tenant integer not null,
  account uuid not null,
  book_date date not null,
  debits bigint not null check (debits >= 0),
  credits bigint not null check (credits >= 0),
  primary key (tenant, account, book_date)
);

select database.protect('ledger.ledgers', 'select, insert');
select database.protect('ledger.accounts', 'select, insert');
select database.protect('ledger.transfers', 'select, insert');
select database.protect('ledger.holds', 'select, insert');
select database.protect('ledger.failed_transfers', 'select, insert');
select database.protect('ledger.daily_totals', 'select, insert');
grant update (book_day, daily_debits, daily_credits, closed) on ledger.accounts to evenkeel_app;
grant update (state, resolved_by) on ledger.holds to evenkeel_app;
grant update (debits, credits) on ledger.daily_totals to evenkeel_app;
