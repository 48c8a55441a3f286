-- Distributed by: case for what belongs to a case, party for what belongs to a party.
create schema collect;

create table collect.finding (
  id text primary key,
  reporter text not null,
  kind text not null,
  package text not null,
  version text not null,
  recipe text,
  marking text not null,
  title_content text not null,
  tool_content text,
  -- What was read out of the submission, as JSON in the content store.
  facts_content text not null,
  proof_content text,
  received_at timestamptz not null
);
create index finding_newest on collect.finding (received_at desc, id desc);

create schema correlate;

-- Blind keys: HMAC under the instance's secret. The first case to hold a key keeps it.
create table correlate.identity_key (
  value bytea not null,
  kind text not null,
  finding text not null,
  primary key (value, finding)
);
create index identity_key_by_finding on correlate.identity_key (finding);

create table correlate.membership (
  finding text primary key,
  case_id text not null,
  since timestamptz not null,
  because text not null,
  evidence text[] not null
);
create index membership_by_case on correlate.membership (case_id);

create table correlate.decision (
  id text primary key,
  kind text not null,
  from_case text not null,
  into_case text not null,
  findings text[] not null,
  reason_content text not null,
  by_party text not null,
  at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  undone_reason_content text
);
create index decision_by_from on correlate.decision (from_case);
create index decision_by_into on correlate.decision (into_case);

create schema coordinate;

create table coordinate.room (
  id text primary key,
  title_content text not null,
  package text not null,
  version text not null,
  recipe text,
  stage text not null,
  opened_at timestamptz not null,
  embargo text not null,
  embargo_ends_at timestamptz,
  embargo_zone text,
  embargo_ended_because text,
  merged_into text,
  advisory text
);
create index room_newest on coordinate.room (opened_at desc, id desc);

create table coordinate.participant (
  case_id text not null,
  party text not null,
  role text not null,
  since timestamptz not null,
  reason_content text,
  primary key (case_id, party, role)
);

create table coordinate.message (
  id text primary key,
  case_id text not null,
  author text not null,
  text_content text not null,
  at timestamptz not null
);
create index message_newest on coordinate.message (case_id, at desc, id desc);

create schema validate;

create table validate.recipe (
  name text primary key,
  title text not null,
  package text not null,
  digest text not null,
  bundle_content text not null,
  harness boolean not null,
  added_at timestamptz not null
);

create table validate.validation (
  id text primary key,
  case_id text not null,
  finding text not null,
  recipe text not null,
  recipe_digest text not null,
  attempts integer not null,
  requested_by text not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  verdict text,
  result_content text
);
create index validation_newest on validate.validation (case_id, requested_at desc, id desc);

create table validate.attestation (
  id text primary key,
  subject text not null,
  envelope_content text not null,
  at timestamptz not null
);

create schema prioritize;

create table prioritize.score (
  id text primary key,
  case_id text not null,
  by_party text not null,
  at timestamptz not null,
  statement jsonb not null,
  score jsonb not null
);
create index score_newest on prioritize.score (case_id, at desc, id desc);

create table prioritize.feed (
  feed text primary key,
  date text,
  entries integer not null,
  loaded_at timestamptz not null,
  text_content text not null
);

create schema verify;

create table verify.patch (
  id text primary key,
  case_id text not null,
  by_party text not null,
  at timestamptz not null,
  title_content text not null,
  diff_content text not null,
  size integer not null
);
create index patch_newest on verify.patch (case_id, at desc, id desc);

create table verify.verification (
  id text primary key,
  patch text not null,
  case_id text not null,
  requested_at timestamptz not null,
  finished_at timestamptz,
  verdict text,
  result_content text
);
create index verification_by_patch on verify.verification (patch, requested_at desc);

create schema discover;

create table discover.campaign (
  id text primary key,
  recipe text not null,
  seconds integer not null,
  by_party text not null,
  status text not null,
  requested_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  executions bigint,
  crashes integer,
  findings text[] not null,
  detail text
);

create schema distribute;

create table distribute.advisory (
  id text primary key,
  case_id text not null unique,
  published_at timestamptz not null,
  -- Public by decision: the only text outside the content store, because it must never be erased.
  osv jsonb not null,
  patch text
);
create index advisory_newest on distribute.advisory (published_at desc, id desc);

create table distribute.inventory (
  id text primary key,
  operator text not null,
  name_content text not null,
  format text not null,
  components integer not null,
  file_content text not null,
  components_content text not null,
  uploaded_at timestamptz not null
);
create index inventory_newest on distribute.inventory (operator, uploaded_at desc, id desc);

create table distribute.notice (
  id text primary key,
  advisory text not null,
  case_id text not null,
  inventory text not null,
  operator text not null,
  status text not null,
  card_content text not null,
  component text not null,
  version text not null,
  due_at timestamptz,
  created_at timestamptz not null,
  receipt_at timestamptz,
  receipt_outcome text,
  receipt_note_content text,
  unique (advisory, inventory)
);
create index notice_newest on distribute.notice (operator, created_at desc, id desc);
create index notice_by_case on distribute.notice (case_id, created_at, id);
