-- Jobs of the gateway: outputs instead of raw access. No text stands here: instructions, inputs and
-- results are in the content store. Nothing has a state: what happened has its time.

-- Distributed by: scope. What a developer agreed to run for partners of a tier, or in a window.
create table gateway.template (
  id text primary key,
  -- the window or the tier
  scope text not null,
  developer text not null,
  -- name, purpose, instructions, fields
  words_content text not null,
  output_max integer not null,
  at timestamptz not null,
  withdrawn_at timestamptz
);
create index template_of_scope on gateway.template (scope, at, id);
create index template_of_developer on gateway.template (developer, at, id);

-- Distributed by: key. A template that is run on what a partner handed in.
create table gateway.job (
  id text primary key,
  key text not null,
  template text not null,
  party text not null,
  inputs_content text not null,
  at timestamptz not null,
  -- Which process of the gateway took it up, and when.
  process text,
  started_at timestamptz,
  ended_at timestamptz,
  -- answered, refused, failed, lost
  ended_as text,
  -- Why it was refused, in closed words.
  code text,
  request text,
  result_content text
);
create index job_newest on gateway.job (key, at desc, id desc);
create index job_waiting on gateway.job (at, id) where started_at is null;
create index job_running on gateway.job (started_at) where ended_at is null;
