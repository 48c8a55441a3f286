-- Distributed by: id. What an owner wishes for a target, or publishes of itself. What is said stands
-- in the content store; here is what a claim is held against.
create table deconflict.wishes (
  id text primary key,
  -- Who stated it, or brought the file.
  party text not null,
  -- form, security-txt, security-md, csaf-provider, federation
  form text not null,
  target text not null,
  lineage text collate "C" not null,
  -- Of whom this is the one statement: a keyed value of the party, the file's address or the feed.
  speaker bytea not null,
  -- A keyed value of all that is said: the same twice changes nothing.
  digest bytea not null,
  said_content text not null,
  at timestamptz not null,
  expires_at timestamptz,
  withdrawn_at timestamptz,
  opted_out_at timestamptz,
  quiet jsonb not null,
  show_pace boolean not null,
  revision integer not null
);
create unique index wishes_of_speaker on deconflict.wishes (lineage, form, speaker)
  where withdrawn_at is null;
create index wishes_withdrawn on deconflict.wishes (lineage, form, speaker)
  where withdrawn_at is not null;
create index wishes_by_party on deconflict.wishes (party, at desc, id desc);
create index wishes_newest on deconflict.wishes (at desc, id desc);
create index wishes_objecting on deconflict.wishes (lineage)
  where withdrawn_at is null and (opted_out_at is not null or quiet <> '[]'::jsonb);

-- Distributed by: source. A directory of disclosure programs; its name is a keyed value.
create table deconflict.program_source (
  source bytea primary key,
  party text not null,
  at timestamptz not null,
  said_content text not null
);

-- Distributed by: source. One program of a directory, in the directory's order.
create table deconflict.program (
  id text primary key,
  source bytea not null,
  -- Keyed values of what the directory knows it by, and of all it says.
  key bytea not null,
  digest bytea not null,
  place integer not null,
  said_content text not null,
  -- No longer in the directory.
  gone_at timestamptz,
  unique (source, key)
);
create index program_in_order on deconflict.program (source, place, id) where gone_at is null;

-- Distributed by: lineage. A line of a program's scope that names a place.
create table deconflict.program_scope (
  lineage text collate "C" not null,
  program text not null,
  -- Its place among the lines of the program.
  line integer not null,
  primary key (lineage, program, line)
);
create index program_scope_by_program on deconflict.program_scope (program);

-- Distributed by: lineage. That a fix held when others audited it.
create table deconflict.audit (
  lineage text collate "C" not null,
  advisory text not null,
  -- A keyed value of the feed's name.
  feed bytea not null,
  repository text not null,
  digest bytea not null,
  said_content text not null,
  audited_at timestamptz not null,
  primary key (lineage, advisory, feed)
);
