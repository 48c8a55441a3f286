-- Distributed by: party (member, invitation, api_key, departure), member (passkey, session), hash (link, challenge).
alter table directory.party add column left_at timestamptz;

-- A service account's key names it; the day of last use tells an unused key, and no more.
alter table directory.api_key add column member text;
alter table directory.api_key add column last_used_on date;
create index api_key_newest on directory.api_key (party, created_at desc, id desc);
create index api_key_by_member on directory.api_key (member);

create table directory.member (
  id text primary key,
  party text not null,
  kind text not null,
  name_content text not null,
  email_content text,
  -- HMAC of the address under the instance's secret: found by whoever knows it, read by nobody.
  email_blind bytea,
  manages boolean not null,
  joined_at timestamptz not null,
  removed_at timestamptz
);
create index member_newest on directory.member (party, joined_at desc, id desc);
create index member_by_email on directory.member (email_blind) where removed_at is null;

create table directory.invitation (
  id text primary key,
  -- null: joining makes a party of new_role, whose name may be left to its first member.
  party text,
  new_role text,
  new_name_content text,
  email_content text,
  manages boolean not null,
  -- The party that invites, or the administrator.
  by_party text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz
);
create index invitation_newest on directory.invitation (by_party, created_at desc, id desc);
create index invitation_all on directory.invitation (created_at desc, id desc);
create index invitation_by_party on directory.invitation (party);

-- One-time links: for a member to sign in, or for an invitation. Never the token, only its SHA-256.
create table directory.link (
  hash bytea primary key,
  member text,
  invitation text,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  spent_at timestamptz
);
create index link_by_member on directory.link (member);
create index link_by_invitation on directory.link (invitation);
create index link_by_end on directory.link (expires_at);

create table directory.passkey (
  id text primary key,
  member text not null,
  credential bytea not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  label_content text not null,
  added_at timestamptz not null,
  last_used_on date
);
create index passkey_by_member on directory.passkey (member, added_at, id);

-- A WebAuthn challenge, gone once it is answered. member null: to sign in.
create table directory.challenge (
  hash bytea primary key,
  member text,
  expires_at timestamptz not null
);
create index challenge_by_end on directory.challenge (expires_at);

create table directory.session (
  id text primary key,
  hash bytea not null unique,
  member text not null,
  how text not null,
  device_content text not null,
  started_at timestamptz not null,
  last_seen_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz
);
create index session_newest on directory.session (member, started_at desc, id desc);
create index session_by_end on directory.session (ends_at);

-- What a party that left may still fetch, once.
create table directory.departure (
  party text primary key,
  hash bytea not null unique,
  contents text[] not null,
  until timestamptz not null,
  fetched_at timestamptz
);
create index departure_by_end on directory.departure (until);
