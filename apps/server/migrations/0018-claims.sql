-- Distributed by: name. Who writes tables that everybody would conflict over takes the row's lock.
create table platform.turn (
  name text primary key
);
insert into platform.turn (name) values ('deconflict');

create schema deconflict;

-- Distributed by: id. A lease on what somebody means to look at. Small on purpose: what lookups read
-- is in claim_place, which holds the places of claims that have not ended, and nothing else.
create table deconflict.claim (
  id text primary key,
  holder text not null,
  -- alone, beside
  sharing text not null,
  -- As packages/scope writes it: where, which versions, how and for what.
  extent text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  created_at timestamptz not null,
  used_at timestamptz,
  -- The earlier of its end and of the hour at which it lapses unused. It holds until then, whatever
  -- ended_at says: that is written when somebody looks.
  ends_at timestamptz not null,
  -- When its holder is to be warned or it is to be ended.
  next_at timestamptz not null,
  warned boolean not null default false,
  renewals smallint not null default 0,
  listed boolean not null,
  -- held, released, handed-over, expired, lapsed, overridden, stopped
  state text not null default 'held',
  ended_at timestamptz,
  reason_content text,
  -- Whom it was offered to.
  offered_to text
);
create index claim_of_holder on deconflict.claim (holder, ends_at, id) where ended_at is null;
create index claim_ended on deconflict.claim (holder, ended_at desc, id desc)
  where ended_at is not null;
create index claim_next on deconflict.claim (next_at) where ended_at is null;
create index claim_live on deconflict.claim (ends_at, id) where ended_at is null;
create index claim_unused on deconflict.claim (created_at, id)
  where ended_at is null and used_at is null;
create index claim_over on deconflict.claim (ended_at desc, id desc) where ended_at is not null;
create index claim_offered on deconflict.claim (offered_to, id) where offered_to is not null;

-- Distributed by: lineage. Two places overlap where the lineage of one begins with that of the other.
create table deconflict.claim_place (
  lineage text collate "C" not null,
  claim text not null,
  primary key (lineage, claim)
);
create index claim_place_by_claim on deconflict.claim_place (claim);

-- Distributed by: id. Who stands in line for what is held.
create table deconflict.wait (
  id text primary key,
  party text not null,
  sharing text not null,
  extent text not null,
  hours integer not null,
  since timestamptz not null,
  give_up_at timestamptz not null,
  listed boolean not null,
  -- waiting, granted, given-up, withdrawn
  state text not null default 'waiting',
  claim text,
  ended_at timestamptz,
  -- When it is to be tried again.
  look_at timestamptz not null
);
create index wait_of_party on deconflict.wait (party, since desc, id desc);
create index wait_looked_at on deconflict.wait (look_at) where state = 'waiting';

create table deconflict.wait_place (
  lineage text collate "C" not null,
  wait text not null,
  primary key (lineage, wait)
);
create index wait_place_by_wait on deconflict.wait_place (wait);

-- Distributed by: asker. Somebody wants in beside what others hold.
create table deconflict.join_request (
  id text primary key,
  asker text not null,
  extent text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  at timestamptz not null
);
create index join_request_of_asker on deconflict.join_request (asker, at desc, id desc);

create table deconflict.join_answer (
  request text not null,
  claim text not null,
  asker text not null,
  holder text not null,
  -- null: none yet.
  accepted boolean,
  primary key (request, claim)
);
create index join_answer_of_holder on deconflict.join_answer (holder, request)
  where accepted is null;
create index join_answer_accepted on deconflict.join_answer (claim, asker) where accepted;

-- Distributed by: id. What was looked at under a claim and what came of it.
create table deconflict.coverage (
  id text primary key,
  claim text not null,
  holder text not null,
  extent text not null,
  -- nothing-found, findings, unfinished
  outcome text not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  listed boolean not null
);
create index coverage_of_claim on deconflict.coverage (claim);

create table deconflict.coverage_place (
  lineage text collate "C" not null,
  until_at timestamptz not null,
  coverage text not null,
  primary key (lineage, until_at, coverage)
);

-- Distributed by: asker. Who was refused what because of which claims.
create table deconflict.conflict (
  id text primary key,
  asker text not null,
  extent text not null,
  claims text[] not null,
  at timestamptz not null
);
create index conflict_newest on deconflict.conflict (at desc, id desc);

-- Distributed by: party. What was told to one party on one day, and how often it was stopped.
create table deconflict.asked (
  party text not null,
  day date not null,
  told integer not null,
  stopped integer not null,
  primary key (party, day)
);
create index asked_on_day on deconflict.asked (day, stopped desc, told desc, party);

-- Whether the claim that a campaign runs under was made for it, and is released when it ends.
alter table discover.campaign add column claim_made boolean not null default false;
