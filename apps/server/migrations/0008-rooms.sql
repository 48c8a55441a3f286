-- Distributed by: party (pace, credit), case (waiting, standing), notice (helper).
alter table coordinate.room add column revision integer not null default 0;

-- How fast an owner takes cases in; an owner without a row takes them as they come.
create table coordinate.pace (
  owner text primary key,
  capacity_per_week integer,
  paused boolean not null,
  paused_until timestamptz,
  pause_zone text,
  urgent boolean not null,
  revision integer not null
);

-- Cases that wait for an owner's pace.
create table coordinate.waiting (
  case_id text not null,
  owner text not null,
  since timestamptz not null,
  reason_content text,
  primary key (case_id, owner)
);
create index waiting_by_owner on coordinate.waiting (owner, since, case_id);

-- Where an owner stands in a case that was handed over.
create table coordinate.standing (
  case_id text not null,
  owner text not null,
  handed_over_at timestamptz not null,
  urgent boolean not null default false,
  acknowledged_at timestamptz,
  verdict text,
  verdict_at timestamptz,
  verdict_content text,
  closed_at timestamptz,
  revision integer not null default 0,
  primary key (case_id, owner)
);
create index standing_inbox on coordinate.standing (owner, handed_over_at, case_id);
insert into coordinate.standing (case_id, owner, handed_over_at)
  select case_id, party, since from coordinate.participant where role = 'owner';

-- What the reporter was told on handing in.
alter table collect.finding add column standing text;

create table collect.credit (
  party text primary key,
  anonymous boolean not null,
  -- null: the name of the party.
  name_content text,
  revision integer not null
);

-- name_key: HMAC of operator and name, so that a list of the same name replaces the one before.
alter table distribute.inventory add column revision integer not null default 1;
alter table distribute.inventory add column name_key bytea;
create unique index inventory_by_name on distribute.inventory (name_key);
alter table distribute.notice add column revision integer not null default 0;
create index notice_by_inventory on distribute.notice (inventory);

-- One notice in other hands: a party, or whoever holds a link. Never the token, only its SHA-256.
create table distribute.helper (
  id text primary key,
  notice text not null,
  party text,
  name_content text,
  token_hash bytea unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  opened_at timestamptz,
  reported_at timestamptz,
  revoked_at timestamptz
);
create index helper_by_notice on distribute.helper (notice, created_at desc, id desc);

-- Entries of one transaction have one time; this is their order in it.
alter table journal.entry add column within integer not null default 0;

create schema example;
create table example.load (
  name text primary key,
  state text not null,
  at timestamptz not null
);
-- Whatever the example made; removing it takes exactly these away.
create table example.item (
  id text primary key,
  kind text not null,
  at timestamptz not null
);
create index finding_own on collect.finding (reporter, received_at desc, id desc);
