-- Distributed by: member (preference, pending, sent), hash (unsubscribe).
create schema notify;

create table notify.preference (
  member text primary key,
  by_kind jsonb not null,
  zone text not null,
  digest_at text not null,
  digest_day smallint not null,
  quiet_from text,
  quiet_until text
);

-- Something a member is to be told of, by reference alone. due_at null: a mail about it is on its way.
create table notify.pending (
  member text not null,
  subject text not null,
  kind text not null,
  level smallint not null,
  since timestamptz not null,
  due_at timestamptz,
  primary key (member, subject, kind)
);
create index pending_by_hour on notify.pending (due_at);

-- When a member was last written to about something, for as long as that holds the next mail back.
create table notify.sent (
  member text not null,
  subject text not null,
  at timestamptz not null,
  primary key (member, subject)
);

create table notify.unsubscribe (
  hash bytea primary key,
  member text not null
);
create index unsubscribe_by_member on notify.unsubscribe (member);

-- Every reader of changes looks at the newest entries, whatever they are about.
create index entry_newest on journal.entry (at, id);
