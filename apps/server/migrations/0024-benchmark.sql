-- Sealed benchmarks. No text stands here: titles, models, bodies and logs are in the content store.
create schema benchmark;

-- Distributed by: id. A sealed suite; its commitment is the root over those of its items.
create table benchmark.suite (
  id text primary key,
  keeper text not null,
  title_content text not null,
  commitment bytea not null,
  count integer not null,
  at timestamptz not null
);
create index suite_newest on benchmark.suite (at desc, id desc);

-- Distributed by: suite. An item by its commitment; what it is stands in its body.
create table benchmark.item (
  id text primary key,
  suite text not null,
  place integer not null,
  commitment bytea not null,
  -- Items of one cluster hang together.
  cluster integer,
  -- Where the time a person needs is known from.
  human_time text,
  body_content text,
  opened_at timestamptz,
  unique (suite, place)
);

-- Distributed by: suite. Who may what: know, run, items, results; of one item, or of all ('').
create table benchmark.allowance (
  suite text not null,
  party text not null,
  may text not null,
  item text not null default '',
  at timestamptz not null,
  primary key (suite, party, may, item)
);
create index allowance_of_party on benchmark.allowance (party, suite);

-- Distributed by: id. A run of a suite, or one that stands alone.
create table benchmark.run (
  id text primary key,
  suite text,
  party text not null,
  model_content text not null,
  -- A keyed value of the model's name: runs of one model are counted together.
  model_key bytea not null,
  -- running, taken-in, failed, cancelled
  state text not null,
  limits jsonb not null,
  contamination text not null,
  planned integer,
  samples bigint not null default 0,
  turns bigint not null default 0,
  log_bytes bigint not null default 0,
  at timestamptz not null,
  ended_at timestamptz,
  revision integer not null default 1
);
create index run_newest on benchmark.run (at desc, id desc);
create index run_of_suite on benchmark.run (suite, at desc, id desc);
create index run_of_party on benchmark.run (party, at desc, id desc);

-- Distributed by: run. A piece of the log of a run, from this byte on.
create table benchmark.part (
  run text not null,
  at_byte bigint not null,
  bytes integer not null,
  content text not null,
  primary key (run, at_byte)
);

-- Distributed by: run. A sample of a log that was taken in.
create table benchmark.sample (
  id text primary key,
  run text not null,
  place integer not null,
  epoch integer not null,
  item text,
  -- Which samples of a log are repetitions of one task.
  task integer not null,
  score double precision,
  failed boolean not null,
  limited boolean not null,
  -- none-known, unknown, suspected, confirmed: as its log or its run tells.
  contamination text not null,
  -- open, disputed, valid, invalid: what two reviewers agree on, or a third decided.
  review text not null default 'open',
  unique (run, place)
);

-- Distributed by: sample. What one reviewer said; shown to nobody else before two have.
create table benchmark.review (
  sample text not null,
  -- Who came first is told by this: two may bear one instant.
  place smallint not null,
  member text not null,
  party text not null,
  verdict text not null,
  reason text,
  words_content text,
  at timestamptz not null,
  primary key (sample, place),
  unique (sample, member)
);
