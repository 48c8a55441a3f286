-- Threshold rules, files for the official, consultations and determinations. No text stands here:
-- rules, figures and dissents are in the content store; a determination has no field for criteria.
create schema designate;

-- Distributed by: id. A threshold rule by its digest.
create table designate.rule (
  id text primary key,
  party text not null,
  digest text not null,
  document_content text not null,
  at timestamptz not null
);
create index rule_newest on designate.rule (at desc, id desc);

-- Distributed by: rule. Who sees it beside its party, and beside those whose file uses it.
create table designate.rule_seer (
  rule text not null,
  party text not null,
  primary key (rule, party)
);

-- Distributed by: matter. A file for the official, on an engagement here or by a commitment.
create table designate.file (
  id text primary key,
  -- The engagement's id, or the commitment that another installation gave for one.
  matter text not null,
  keeper text not null,
  official text,
  rule text,
  former text,
  at timestamptz not null,
  revision integer not null default 1
);
create index file_newest on designate.file (at desc, id desc);
create index file_of_matter on designate.file (matter, at);
create index file_of_rule on designate.file (rule) where rule is not null;

create table designate.file_seer (
  file text not null,
  party text not null,
  primary key (file, party)
);

create table designate.run (
  file text not null,
  place integer not null,
  run text not null,
  party text not null,
  model text not null,
  began_at timestamptz not null,
  samples integer not null,
  at timestamptz not null,
  primary key (file, run)
);

create table designate.evaluation (
  id text primary key,
  file text not null,
  place integer not null,
  rule text not null,
  party text not null,
  runs text[] not null,
  -- interval-above, interval-below, interval-spans
  outcome text not null,
  digest text not null,
  figures_content text not null,
  at timestamptz not null,
  unique (file, place)
);

create table designate.consultation (
  id text primary key,
  file text not null,
  -- ncd, apst, cisa-director
  office text not null,
  date text not null,
  reference text,
  party text not null,
  at timestamptz not null,
  unique (file, office)
);

create table designate.dissent (
  file text not null,
  place integer not null,
  party text not null,
  content text not null,
  at timestamptz not null,
  primary key (file, place)
);

-- Distributed by: matter. Never altered; what comes later names what was before.
create table designate.determination (
  id text primary key,
  file text not null unique,
  matter text not null,
  place integer not null,
  -- covered, not-covered, withdrawn
  outcome text not null,
  date text not null,
  reference text not null,
  former text,
  -- Digest of the bundle that it came with.
  bundle text,
  party text not null,
  at timestamptz not null,
  unique (matter, place)
);
create index determination_newest on designate.determination (at desc, id desc);

create table designate.assessment (
  id text primary key,
  file text not null,
  engagement text not null,
  evaluation text not null,
  parts text[] not null,
  content text not null,
  party text not null,
  at timestamptz not null
);
create index assessment_of_engagement on designate.assessment (engagement, at desc, id desc);
create index assessment_of_file on designate.assessment (file, at, id);

-- Distributed by: engagement. By what a system apart names an engagement of this one.
create table designate.commitment (
  engagement text primary key,
  commitment text not null unique,
  salt bytea not null,
  at timestamptz not null
);
