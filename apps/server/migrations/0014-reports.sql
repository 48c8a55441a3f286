-- Distributed by: reporter. Findings that came together in the report of a tool.

-- The report that brought a finding; null: it came by itself.
alter table collect.finding add column report text;

create table collect.report (
  id text primary key,
  reporter text not null,
  -- Whose next report it is: format, tools and what was said beside them, as a keyed hash.
  series bytea not null,
  format text not null,
  file_content text not null,
  received_at timestamptz not null,
  -- All findings in it: those it brought, and those that were here. null: not all of it is in yet.
  findings text[]
);
create index report_by_series on collect.report (reporter, series, received_at desc, id desc);

-- By what a finding is known again in the next report of its reporter, as a keyed hash.
create table collect.handed (
  reporter text not null,
  identity bytea not null,
  finding text not null,
  primary key (reporter, identity)
);
