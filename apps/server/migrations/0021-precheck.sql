-- Distributed by: epoch (keys and buckets), party (use), knock.
create schema if not exists deconflict;

-- A key that outputs are made with. Its secret part is in the content store, never here.
create table deconflict.precheck_epoch (
  epoch text primary key,
  -- Counted up, so that of two servers that open the next one, one loses.
  number integer not null unique,
  seed_content text not null,
  public_key bytea not null,
  prefix_bits smallint not null,
  entries_per_bucket smallint not null,
  buckets_per_request smallint not null,
  begins_at timestamptz not null,
  ends_at timestamptz not null,
  -- The last finding that was entered when it was filled; null: not all its buckets are there.
  filled_through text,
  -- null: not all that was here when it began is in it, and nobody may ask under it.
  filled_at timestamptz
);

-- All buckets are full at all times: 64 random bytes stand where nothing is known, so that reading
-- and sealing one is the same work whatever it holds. An entry is a root and a handle of 32 bytes.
create table deconflict.precheck_bucket (
  epoch text not null,
  bucket integer not null,
  slots bytea not null,
  primary key (epoch, bucket)
);
alter table deconflict.precheck_bucket alter column slots set storage external;

-- One row for each distinct key that is known. The name is derived from the output one way.
create table deconflict.precheck_key (
  epoch text not null,
  name bytea not null,
  bucket integer not null,
  -- null: its bucket was full.
  slot smallint,
  -- SHA-256 of the handle.
  handle bytea not null unique,
  primary key (epoch, name)
);
create unique index precheck_key_by_slot on deconflict.precheck_key (epoch, bucket, slot);
create index precheck_key_left_out on deconflict.precheck_key (epoch) where slot is null;

create table deconflict.precheck_holder (
  epoch text not null,
  name bytea not null,
  finding text not null,
  primary key (epoch, finding, name)
);
create index precheck_holder_by_name on deconflict.precheck_holder (epoch, name);

-- What each party asked in each hour of the last thirty days.
create table deconflict.precheck_use (
  party text not null,
  hour timestamptz not null,
  evaluations integer not null default 0,
  bucket_requests integer not null default 0,
  knocks integer not null default 0,
  refused integer not null default 0,
  last_at timestamptz not null,
  primary key (party, hour)
);

create table deconflict.knock (
  id text primary key,
  party text not null,
  message_content text,
  at timestamptz not null,
  until timestamptz not null
);
create index knock_by_party on deconflict.knock (party, at desc);

-- Whom it reaches, and with which of their cases: reporters, and the coordinators as one.
create table deconflict.knock_recipient (
  knock text not null,
  principal text not null,
  case_id text not null,
  primary key (knock, principal)
);
create index knock_recipient_by_principal on deconflict.knock_recipient (principal, knock);

create table deconflict.knock_answer (
  knock text not null,
  party text not null,
  agreed boolean not null,
  at timestamptz not null,
  primary key (knock, party)
);
