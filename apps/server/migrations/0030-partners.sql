-- Trusted partners. No text stands here: criteria, tiers' names and terms, what applicants wrote,
-- reasons and mail addresses are in the content store. Nothing has a state: what happened has its time.
create schema partners;

-- Distributed by: version. Criteria as they were published; none is ever altered.
create table partners.criteria (
  version integer primary key,
  id text not null,
  content text not null,
  why_content text not null,
  party text not null,
  at timestamptz not null
);

-- Distributed by: id. What a developer offers to partners under a public name.
create table partners.tier (
  id text primary key,
  developer text not null,
  -- name, about, terms
  content text not null,
  gives text[] not null,
  terms_version integer not null,
  terms_digest text not null,
  from_at timestamptz,
  until_at timestamptz,
  partnership_days integer not null,
  review_days integer not null,
  takes_applications boolean not null,
  -- What partners are told of the model, and which it is: for nobody else.
  told_content text,
  model text,
  at timestamptz not null,
  revision integer not null default 1
);
create index tier_of_developer on partners.tier (developer, at, id);

-- Distributed by: id. Somebody's wish to take part in a tier.
create table partners.application (
  id text primary key,
  tier text not null,
  developer text not null,
  -- null: it came without an account.
  applicant text,
  helper text,
  -- SHA-256 of the link's token.
  link_hash bytea not null unique,
  words_content text not null,
  mail_content text,
  -- A keyed value of the address, to count by.
  mail_blind bytea,
  asks text not null,
  sector text not null,
  size text not null,
  region text not null,
  criteria_version integer not null,
  nominated_side text,
  nominated_by text,
  renews text,
  applied_at timestamptz not null,
  withdrawn_at timestamptz
);
create index application_newest on partners.application (applied_at desc, id desc);
create index application_of_developer on partners.application (developer, applied_at desc, id desc);
create index application_of_applicant on partners.application (applicant, applied_at desc, id desc);
create index application_of_helper on partners.application (helper, applied_at desc, id desc);
create index application_of_mail on partners.application (mail_blind, applied_at);

-- Distributed by: application. 1: the application; 2: its appeal.
create table partners.round (
  application text not null,
  round smallint not null,
  begun_at timestamptz not null,
  promised_by timestamptz not null,
  -- accept, decline: what both keys came to.
  verdict text,
  answered_at timestamptz,
  primary key (application, round)
);

-- Distributed by: application. What was asked and added, and why it was appealed.
create table partners.said (
  application text not null,
  place integer not null,
  -- government, developer, applicant
  by text not null,
  -- question, addition, appeal
  kind text not null,
  content text not null,
  at timestamptz not null,
  primary key (application, place)
);

-- Distributed by: application. Whether a person has an interest in it, as it stated before its key.
create table partners.interest (
  application text not null,
  place integer not null,
  round smallint not null,
  side text not null,
  member text not null,
  conflicted boolean not null,
  content text,
  at timestamptz not null,
  primary key (application, place)
);

-- Distributed by: application. A side's key, with its reasons.
create table partners.turned_key (
  application text not null,
  round smallint not null,
  side text not null,
  party text not null,
  member text not null,
  verdict text not null,
  content text not null,
  at timestamptz not null,
  primary key (application, round, side)
);

-- Distributed by: id. Brought in by a side; its link makes one application.
create table partners.nomination (
  id text primary key,
  tier text not null,
  side text not null,
  party text not null,
  member text not null,
  link_hash bytea not null unique,
  -- organization, reason
  content text not null,
  at timestamptz not null,
  expires_at timestamptz not null,
  application text
);
create index nomination_of_party on partners.nomination (party, at desc, id desc);

-- Distributed by: id. What two accepting keys came to: who may use which tier until when.
create table partners.partnership (
  id text primary key,
  application text not null unique,
  tier text not null,
  developer text not null,
  applicant text,
  since timestamptz not null,
  expires_at timestamptz not null,
  review_at timestamptz not null,
  reviewed_at timestamptz,
  review_content text,
  ended_at timestamptz,
  -- government, developer, partner
  ended_by text,
  ended_content text,
  accepted_terms text,
  accepted_at timestamptz
);
create index partnership_newest on partners.partnership (since desc, id desc);
create index partnership_of_developer on partners.partnership (developer, since desc, id desc);
create index partnership_of_applicant on partners.partnership (applicant, since desc, id desc);
