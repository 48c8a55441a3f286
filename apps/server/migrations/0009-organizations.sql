-- Distributed by: id (provider), subject_hash (identity).
create schema organization;

-- Issuer, client and secret are one text in the content store, under a key of its own.
create table organization.provider (
  id text primary key,
  party text not null,
  settings_content text not null,
  joins boolean not null,
  created_at timestamptz not null,
  removed_at timestamptz
);

-- Who somebody is: SHA-256 over provider, issuer and subject; never a mail address, which changes hands.
create table organization.identity (
  subject_hash bytea primary key,
  provider text not null,
  member text not null,
  since timestamptz not null
);
create index identity_by_member on organization.identity (member);
