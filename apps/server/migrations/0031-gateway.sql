-- The gateway. No text stands here: names, addresses, secrets and reasons are in the content store.
-- Nothing has a state: what happened has its time, and the clock says the rest.
create schema gateway;

-- Distributed by: id. A developer's endpoint for a model.
create table gateway.upstream (
  id text primary key,
  model text not null,
  developer text not null,
  -- The order in which they are tried.
  place integer not null,
  -- openai, anthropic
  kind text not null,
  -- address and name of the model there
  words_content text not null,
  secret_content text not null,
  context_tokens integer not null,
  output_max integer not null,
  concurrent integer not null,
  prices jsonb not null,
  at timestamptz not null,
  removed_at timestamptz,
  revision integer not null default 1
);
create index upstream_of_model on gateway.upstream (model, place, id);
create index upstream_of_developer on gateway.upstream (developer, at, id);

-- Distributed by: scope. What a developer gives in a window, or in a tier, to each grant there.
create table gateway.allotment (
  -- the window or the tier
  scope text primary key,
  developer text not null,
  -- names that clients say for the model; age recipients of what is kept
  words_content text not null,
  limits jsonb not null,
  keys_max integer not null,
  demands_proof boolean not null,
  at timestamptz not null,
  revision integer not null default 1
);
create index allotment_of_developer on gateway.allotment (developer, at, scope);

-- Distributed by: id. A key, as the hash of its secret.
create table gateway.key (
  id text primary key,
  hash bytea not null unique,
  party text not null,
  -- The person or service it is bound to.
  holder text not null,
  developer text not null,
  -- The grant of early access or the partnership; and its window or tier.
  stands_on text not null,
  scope text not null,
  name_content text not null,
  limits jsonb not null,
  -- none, dpop, mtls
  proof text not null,
  thumbprint text,
  usage_in_streams text not null,
  issued_by text not null,
  at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by text
);
create index key_newest on gateway.key (at desc, id desc);
create index key_of_stand on gateway.key (stands_on, at desc, id desc);
create index key_of_holder on gateway.key (holder);
create index key_of_scope on gateway.key (scope);
create index key_of_party on gateway.key (party, at desc, id desc);
create index key_of_developer on gateway.key (developer, at desc, id desc);

-- Distributed by: subject. What is cut off, until whoever cut it off takes that back.
create table gateway.cut (
  id text primary key,
  -- key, holder, party, window, tier, model
  kind text not null,
  subject text not null,
  party text not null,
  by_member text,
  reason_content text not null,
  at timestamptz not null,
  lifted_at timestamptz,
  lifted_by text
);
create index cut_of_subject on gateway.cut (subject, at);
create index cut_of_party on gateway.cut (party, at desc, id desc);

-- Distributed by: seq. That something changed on which keys stand. Numbers grow in the order of
-- commits: each is taken from the one row of change_head, which is locked until its commit.
create table gateway.change (
  seq bigint primary key,
  -- key, holder, party, grant, window, partner, tier, model
  kind text not null,
  id text not null,
  at timestamptz not null
);

-- Distributed by: one row.
create table gateway.change_head (
  one boolean primary key default true check (one),
  seq bigint not null
);
insert into gateway.change_head (seq) values (0);

-- Distributed by: request. What a developer corrected of a settlement; reasons in the content store.
create table gateway.correction (
  request text not null,
  place integer not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost_micros bigint not null,
  reason_content text not null,
  by_party text not null,
  by_member text,
  at timestamptz not null,
  primary key (request, place)
);

-- Distributed by: id. A request that was settled; written once. `content` is what its commitment is
-- over: canonical JSON of ids, numbers, digests and closed words.
create table gateway.request (
  id text primary key,
  -- The order in which rows came in; told to nobody, because it counts everybody's.
  seq bigint generated always as identity,
  key text not null,
  party text not null,
  developer text not null,
  ended_at timestamptz not null,
  content text not null,
  -- What of it the developer alone is told; content holds a commitment to it.
  inside text not null,
  salt bytea not null,
  commitment bytea not null
);
create index request_in_order on gateway.request (seq);
create index request_of_key on gateway.request (key, ended_at desc, id desc);
create index request_of_party on gateway.request (party, ended_at desc, id desc);
create index request_of_developer on gateway.request (developer, ended_at desc, id desc);

-- Distributed by: interval. The tree over all requests from one number to another; its root is an act.
create table gateway.interval_root (
  id text primary key,
  -- Two that close the same interval: the later one loses politely.
  first_seq bigint not null unique,
  last_seq bigint not null,
  -- Of it are made the leaves that stand for nobody.
  seed bytea not null,
  root bytea not null,
  at timestamptz not null
);

-- Distributed by: interval. One place of an interval's tree: the requests of one party at one developer.
create table gateway.interval_place (
  interval text not null,
  place smallint not null,
  party text not null,
  developer text not null,
  first_seq bigint not null,
  last_seq bigint not null,
  size integer not null,
  root bytea not null,
  -- Commitments in their order, 32 bytes each.
  commitments bytea not null,
  primary key (interval, place)
);
create index interval_place_of on gateway.interval_place (party, developer, last_seq);

-- Distributed by: request. A body that was kept because the terms say so, encrypted to those they name.
create table gateway.body (
  request text not null,
  -- request, response
  side text not null,
  content text not null,
  bytes bigint not null,
  primary key (request, side)
);

-- One closes intervals at a time, in whichever process.
insert into platform.turn (name) values ('gateway-intervals');

-- Distributed by: model. What a developer wants to hear of where it turns up: the SHA-256 of it.
create table gateway.canary (
  model text not null,
  digest text not null,
  developer text not null,
  at timestamptz not null,
  removed_at timestamptz,
  primary key (model, digest)
);
create index canary_of_developer on gateway.canary (developer, at, model, digest);

-- Distributed by: id. What the watch said of one key, until its developer closes it.
create table gateway.incident (
  id text primary key,
  developer text not null,
  party text not null,
  holder text not null,
  key text not null,
  model text not null,
  -- Requests that bear a mark.
  requests bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  raised_at timestamptz not null,
  closed_at timestamptz,
  -- expected, mistaken, acted
  closed_as text,
  closed_content text,
  closed_by text
);
create unique index incident_open on gateway.incident (key) where closed_at is null;
create index incident_of_developer on gateway.incident (developer, raised_at desc, id desc);
create index incident_of_key on gateway.incident (key, closed_at);

-- Distributed by: incident. How many requests bore a mark, and when.
create table gateway.incident_mark (
  incident text not null,
  mark text not null,
  requests bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (incident, mark)
);

-- Distributed by: one row. Up to which request the marks were gathered.
create table gateway.marks_head (
  one boolean primary key default true check (one),
  seq bigint not null
);
insert into gateway.marks_head (seq) values (0);
-- Canonical JSON: what bears no mark begins so.
create index request_marked on gateway.request (seq) where not starts_with(inside, '{"marks":[],');

-- Distributed by: key. What locks all meters of a key, and the newest minute and day that was
-- entered by anybody: one that is passed takes nothing more, whatever a clock says.
create table gateway.metered (
  key text primary key,
  minute_at timestamptz not null,
  day_at timestamptz not null,
  -- Grows each time a process is short of what others may hold unused; they give it back by it.
  want bigint not null default 0,
  want_at timestamptz
);
create index metered_wanted on gateway.metered (want_at);

-- Distributed by: key. One quota of a key: of a span of time and of one kind.
create table gateway.meter (
  key text not null,
  -- minute, day, grant, now
  span text not null,
  from_at timestamptz not null,
  -- requests, inputTokens, outputTokens, costMicros, atOnce
  kind text not null,
  -- null: counted, not limited
  most bigint,
  -- What was settled; of it, what upstreams took beyond what had been reserved.
  used bigint not null default 0 check (used >= 0),
  excess bigint not null default 0 check (excess >= 0),
  -- What processes hold, for what is under way and ahead of it.
  leased bigint not null default 0 check (leased >= 0),
  primary key (key, span, from_at, kind),
  -- Nobody spends more than the limit: what would is no row.
  check (most is null or used + leased <= most + excess)
);
create index meter_minutes on gateway.meter (from_at) where span = 'minute';

-- Distributed by: id. A process that takes requests. It writes `seen_at` each second; whoever finds
-- it silent for long takes its leases back, and from then on it stores nothing any more.
create table gateway.process (
  id text primary key,
  -- Which machine it runs on, and as which process there: to tell at once that it is gone.
  host text not null,
  pid integer not null,
  pid_started text not null,
  at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz,
  -- closed, recovered, journal-gone, journal-broken
  ended_how text
);
create index process_living on gateway.process (seen_at) where ended_at is null;

-- Distributed by: key. What a process holds of the meters of a key. `place` is the number of its
-- last change, by which a commit of unknown outcome is told; `answered` the last want after which
-- it held nothing unused.
create table gateway.holder (
  key text not null,
  process text not null,
  place bigint not null default 0,
  answered bigint not null default 0,
  primary key (key, process)
);
create index holder_process on gateway.holder (process);

-- Distributed by: key. The sum of a meter's leases is its `leased`.
create table gateway.lease (
  key text not null,
  process text not null,
  span text not null,
  from_at timestamptz not null,
  kind text not null,
  amount bigint not null check (amount >= 0),
  primary key (key, process, span, from_at, kind)
);
create index lease_process on gateway.lease (process);
