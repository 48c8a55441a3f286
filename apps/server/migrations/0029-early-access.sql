-- Early access. No text stands here: plans, purposes and statements are in the content store.
create schema early_access;

-- Distributed by: engagement. What the Government means to do, stated before there is a window.
create table early_access.plan (
  id text primary key,
  engagement text not null,
  party text not null,
  objectives_content text not null,
  who_content text not null,
  outputs_content text not null,
  afterwards_content text not null,
  persons_max integer not null,
  return_days integer not null,
  at timestamptz not null
);
create index plan_of_engagement on early_access.plan (engagement, at desc, id desc);

-- Distributed by: engagement. Open from `begins` to before `ends`, unless it ended earlier by an
-- act. Nothing sets `ends` later, and no job has to run for it to hold.
create table early_access.access_window (
  id text primary key,
  engagement text not null,
  plan text not null,
  -- IANA: calendar days were counted in it.
  zone text not null,
  begins timestamptz not null,
  ends timestamptz not null,
  -- asked, partner-date, thirty-days
  because text not null,
  ended_at timestamptz,
  opened_at timestamptz not null
);
create index window_newest on early_access.access_window (opened_at desc, id desc);
create index window_of_engagement on early_access.access_window (engagement, opened_at desc, id desc);

-- Distributed by: access_window. The access of one person, or of a service bound to one.
create table early_access.access_grant (
  id text primary key,
  access_window text not null,
  member text not null,
  -- Who accepts and answers.
  person text not null,
  party text not null,
  added_by text not null,
  at timestamptz not null,
  revoked_at timestamptz,
  revoked_by text,
  used_at timestamptz,
  uses integer not null default 0,
  exports integer not null default 0,
  -- returned, destroyed, kept-by-law
  attested text,
  attested_at timestamptz,
  attested_content text
);
create index grant_of_window on early_access.access_grant (access_window, at, id);
create index grant_of_party on early_access.access_grant (party, at desc, id desc);

-- Distributed by: access_grant. Which version of the terms the person accepted last.
create table early_access.acceptance (
  access_grant text not null,
  protection text not null,
  terms text not null,
  at timestamptz not null,
  primary key (access_grant, protection)
);

-- Distributed by: access_grant. A session of use, for one purpose.
create table early_access.access_use (
  id text primary key,
  access_grant text not null,
  member text not null,
  purpose_content text not null,
  at timestamptz not null,
  ended_at timestamptz,
  -- As it was told: written now and then, not with every call.
  calls bigint not null default 0,
  asked_at timestamptz not null
);
create index use_of_grant on early_access.access_use (access_grant, at desc, id desc);

-- Distributed by: access_grant. What was taken out, by its digest.
create table early_access.access_export (
  id text primary key,
  access_use text not null,
  access_grant text not null,
  member text not null,
  what_content text not null,
  digest text not null,
  bytes bigint not null,
  to_content text not null,
  purpose_content text not null,
  at timestamptz not null
);
create index export_of_grant on early_access.access_export (access_grant, at desc, id desc);

-- Distributed by: access_use. A finding that came of a use; who sees it, its own handling says.
create table early_access.outcome (
  access_use text not null,
  finding text not null,
  at timestamptz not null,
  primary key (access_use, finding)
);
