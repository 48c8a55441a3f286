-- Engagements of developers on models under development. No text stands here: codenames, places,
-- endpoints, contacts, terms and the names of who signed are in the content store. Nothing has a
-- state: what happened has its time.
create schema engage;

-- Distributed by: id. An engagement of a developer with the Government on one model.
create table engage.engagement (
  id text primary key,
  -- Several engagements of one developer may be on one model; days used are counted by it.
  model text not null,
  developer text not null,
  government text not null,
  -- inquiry, early-access, both
  wants text not null,
  -- IANA
  zone text not null,
  open_weight boolean not null,
  opened_at timestamptz not null,
  left_at timestamptz,
  released_at timestamptz
);
create index engagement_newest on engage.engagement (opened_at desc, id desc);
create index engagement_of_model on engage.engagement (model);
create index engagement_of_developer on engage.engagement (developer, opened_at desc, id desc);

-- Distributed by: engagement. What the developer wrote, each time anew; the newest of a kind counts.
create table engage.said (
  engagement text not null,
  -- codename, hosting, contacts, endpoints
  kind text not null,
  place integer not null,
  content text not null,
  primary key (engagement, kind, place)
);

-- Distributed by: engagement. One statement of planned dates; none is ever altered.
create table engage.dates (
  engagement text not null,
  place integer not null,
  partners timestamptz,
  general timestamptz,
  stated_at timestamptz not null,
  primary key (engagement, place)
);

-- Distributed by: engagement. Who sees it beside its developer: summary, detail, all.
create table engage.seer (
  engagement text not null,
  party text not null,
  level text not null,
  primary key (engagement, party)
);

-- Distributed by: engagement. A version of a document; its text does not change.
create table engage.terms (
  id text primary key,
  engagement text not null,
  kind text not null,
  version integer not null,
  -- developer, government
  side text not null,
  party text not null,
  digest text not null,
  content text not null,
  proposed_at timestamptz not null,
  unique (engagement, kind, version)
);

-- Distributed by: engagement. What one side put under a version.
create table engage.signature (
  terms text not null,
  side text not null,
  engagement text not null,
  party text not null,
  -- Who signed, where it was known by more than the party's key.
  member text,
  -- Name and title, as the person wrote them.
  name_content text not null,
  digest text not null,
  signed_at timestamptz not null,
  primary key (terms, side)
);
create index signature_of_engagement on engage.signature (engagement);
