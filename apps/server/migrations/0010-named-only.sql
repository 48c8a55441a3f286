-- Distributed by: reporter. Joins by nothing but a name that anybody can write, to bound guessing.
create table correlate.named_only (
  finding text primary key,
  reporter text not null,
  at timestamptz not null
);
create index named_only_by_reporter on correlate.named_only (reporter, at);
