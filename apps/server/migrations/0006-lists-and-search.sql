-- Distributed by: principal (listing), id (change). What a list of cases is cut and sorted by, one row
-- for each principal that may see the case: in its reader's own terms, so that an index serves the
-- reader's order and nothing of what the reader may not see is in it. Written with each decision
-- about the case; platform.visibility still has the last word on every row that is read here.
create table coordinate.listing (
  principal text not null,
  case_id text not null,
  level smallint not null,
  stage text collate "C" not null,
  waiting text collate "C" not null,
  package text collate "C" not null,
  shown_at timestamptz not null,
  changed_at timestamptz not null,
  -- infinity: no embargo runs.
  ends_at timestamptz not null,
  -- infinity: nothing makes it overdue as it stands.
  due_at timestamptz not null,
  due_because text collate "C",
  primary key (principal, case_id)
);
create index listing_by_case on coordinate.listing (case_id);
create index listing_newest on coordinate.listing
  (principal, stage, waiting, shown_at, case_id) include (level);
create index listing_changed on coordinate.listing
  (principal, stage, waiting, changed_at, case_id) include (level);
create index listing_ending on coordinate.listing
  (principal, stage, waiting, ends_at, case_id) include (level);
create index listing_due on coordinate.listing
  (principal, stage, waiting, due_at, case_id) include (level, due_because);
create index listing_package on coordinate.listing
  (principal, stage, waiting, package, case_id) include (level);

alter table coordinate.room add column stage_since timestamptz;
update coordinate.room set stage_since = opened_at;
alter table coordinate.room alter column stage_since set not null;

-- A case bears the title of a finding: where that is erased, the case is found by it no more.
create index room_by_title on coordinate.room (title_content);

create index validation_by_finding on validate.validation (finding, requested_at desc);

create schema search;

-- What the search has to read anew, for every process that keeps an index. by_transaction lets a
-- reader ask for all that was not over when it last asked, whatever the order of commits.
create table search.change (
  id text not null,
  about text not null,
  at timestamptz not null,
  by_transaction xid8 not null default pg_current_xact_id(),
  primary key (id)
);
create index change_newest on search.change (by_transaction);
create index change_oldest on search.change (at);
