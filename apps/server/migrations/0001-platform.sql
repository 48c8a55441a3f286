-- Distributed by: party (directory, idempotency), id (all others). No sequences, no triggers.
create schema directory;

create table directory.party (
  id text primary key,
  role text not null,
  name_content text not null,
  created_at timestamptz not null
);

create table directory.api_key (
  id text primary key,
  party text not null,
  label_content text not null,
  hash bytea not null unique,
  scope text[],
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);

create table platform.idempotency (
  party text not null,
  key text not null,
  operation text not null,
  request_hash bytea not null,
  response jsonb not null,
  at timestamptz not null,
  primary key (party, key)
);

create table platform.outbox (
  id uuid primary key,
  job text not null,
  payload jsonb not null,
  start_after timestamptz,
  at timestamptz not null
);

-- The one relation that every read, list, count and search joins.
create table platform.visibility (
  party text not null,
  subject text not null,
  level smallint not null,
  primary key (party, subject)
);
create index visibility_by_subject on platform.visibility (subject);

create schema content;

create table content.item (
  id text primary key,
  size bigint not null,
  media_type text not null,
  name text not null,
  commitment bytea not null,
  -- Whose visibility rules this item, and at which level it may be read.
  subject text not null,
  level smallint not null,
  at timestamptz not null,
  erased_at timestamptz
);
create index content_by_subject on content.item (subject);

create schema journal;

-- content is the canonical text of references and closed words only; free text is in the content store.
create table journal.entry (
  id text primary key,
  at timestamptz not null,
  subject text not null,
  act text not null,
  actor text not null,
  content text not null,
  salt bytea not null,
  commitment bytea not null,
  batch bigint,
  index bigint
);
create index entry_pending on journal.entry (at, id) where batch is null;
create index entry_by_subject on journal.entry (subject, at, id);

create table journal.batch (
  number bigint primary key,
  start bigint not null,
  size integer not null,
  leaves bytea not null,
  root bytea not null,
  state jsonb not null,
  at timestamptz not null
);
