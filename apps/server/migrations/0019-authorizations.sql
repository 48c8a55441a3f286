-- Whose a target is, what its owner allows there, and what was stopped. Keys: control, authorization
-- and stop by id; places by lineage, where one place lies in another if its lineage begins with it.
create schema if not exists deconflict;

-- Distributed by: id. One party's proof that a target is its own.
create table deconflict.control (
  id text primary key,
  party text not null,
  target text not null,
  lineage text collate "C" not null,
  -- dns, well-known, repository, statement
  way text not null,
  -- What has to stand there: public once it does.
  token text not null,
  statement_content text,
  created_at timestamptz not null,
  proven_at timestamptz,
  -- From when on it counts no longer, whatever any job did.
  valid_until timestamptz,
  next_at timestamptz,
  -- Why it was not found when it was last looked for.
  failure text,
  ended_at timestamptz,
  ruled_by text,
  ruling_content text
);
create index control_by_lineage on deconflict.control (lineage) where ended_at is null;
create index control_by_party on deconflict.control (party, created_at desc, id desc);
create index control_newest on deconflict.control (created_at desc, id desc);

-- Distributed by: lineage. Who is believed at a place where two have proven control.
create table deconflict.settlement (
  lineage text collate "C" not null,
  believed text not null,
  over text not null,
  reason_content text not null,
  by_party text not null,
  at timestamptz not null,
  primary key (lineage, believed, over)
);

-- Distributed by: id. A system owner's written scope.
create table deconflict.authorization (
  id text primary key,
  owner text not null,
  targets text[] not null,
  except_targets text[] not null,
  methods text[] not null,
  parties text[] not null,
  roles text[] not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  pace jsonb not null,
  never jsonb not null,
  contact_content text not null,
  revision integer not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index authorization_by_owner on deconflict.authorization (owner, created_at desc, id desc);
create index authorization_newest on deconflict.authorization (created_at desc, id desc);
create index authorization_of_parties on deconflict.authorization using gin (parties);
create index authorization_of_roles on deconflict.authorization using gin (roles);

-- Distributed by: lineage. Where those lie that were not revoked.
create table deconflict.authorization_place (
  lineage text collate "C" not null,
  authorization_id text not null,
  -- Taken out of what is around it.
  excluded boolean not null,
  primary key (lineage, authorization_id, excluded)
);
create index authorization_place_by_id on deconflict.authorization_place (authorization_id);

-- Distributed by: id. Presses of the stop switch; one stands until it is lifted.
create table deconflict.stop (
  id text primary key,
  target text not null,
  lineage text collate "C" not null,
  by_party text not null,
  -- Whose control it was pressed on; null: a coordinator did.
  control text,
  at timestamptz not null,
  reason_content text,
  claims integer not null,
  campaigns integer not null,
  lifted_at timestamptz,
  lifted_by text,
  lift_reason_content text
);
create index stop_standing on deconflict.stop (lineage) where lifted_at is null;
create index stop_newest on deconflict.stop (at desc, id desc);

-- What a campaign runs on and under, so that it can be stopped. It ends when its worker has seen it.
alter table discover.campaign add column claim text;
alter table discover.campaign add column lineage text collate "C";
alter table discover.campaign add column stopped_at timestamptz;
create index campaign_running on discover.campaign (id) where ended_at is null;
