-- Which build of the vulnerability data was in use when. feed_build keeps the current build and the one before; the
-- history of matches names builds long after that.
create table feed_switch (
  id bigint generated always as identity primary key,
  checksum text not null,
  schema_version text not null,
  built_at timestamptz not null,
  switched_at timestamptz not null default now()
);
create index feed_switch_checksum on feed_switch (checksum);
create index feed_switch_time on feed_switch (switched_at);

insert into feed_switch (checksum, schema_version, built_at, switched_at)
select checksum, schema_version, built_at, switched_at
from feed_build where switched_at is not null order by switched_at;

-- Noted by the database, so that no way of switching (a sync, an upload, a rollback) can forget it.
create function note_feed_switch() returns trigger language plpgsql as $$
begin
  insert into feed_switch (checksum, schema_version, built_at, switched_at)
  values (new.checksum, new.schema_version, new.built_at, coalesce(new.switched_at, now()));
  return null;
end $$;
create trigger feed_switch_made after update of state on feed_build
  for each row when (new.state = 'current' and old.state is distinct from 'current')
  execute function note_feed_switch();
create trigger feed_switch_first after insert on feed_build
  for each row when (new.state = 'current')
  execute function note_feed_switch();

-- What was known at a time: the matches of a package, closed ones too.
create index package_match_package on package_match (package_id, opened_at);
create index package_match_opened on package_match (opened_at);
create index package_match_closed on package_match (closed_at) where closed_at is not null;
