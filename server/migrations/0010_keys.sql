-- When a key was last used, to the minute, so that people see which they can do without; and which key took its place.
alter table tenants.api_keys add column last_used_at timestamptz;
alter table tenants.api_keys add column replaced_by uuid;
