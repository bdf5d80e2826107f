-- A second card rail in the sandbox's acquirer. Keys and unique constraints stay as they are: the release before this one
-- writes its orders without knowing of rails, and they are those of the first one.

alter table rails.orders add column rail text not null default 'sandbox-card';
alter table rails.disputes add column rail text not null default 'sandbox-card';
alter table rails.notifications add column rail text not null default 'sandbox-card';

-- Knobs of the other rails, by their name; those of the first one stand in `knobs`.
alter table rails.acquirers add column knobs_by_rail jsonb not null default '{}';
grant update (knobs_by_rail) on rails.acquirers to evenkeel_app;
