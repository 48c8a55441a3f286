-- A job over a repository's files takes as many calls as their length asks for.

-- Distributed by: job. A call that a job comes to, in the order in which they are made.
create table gateway.job_call (
  job text not null,
  place integer not null,
  -- The files that it reads; null: it reads none.
  portion_content text,
  request text,
  result_content text,
  ended_at timestamptz,
  primary key (job, place)
);
insert into gateway.job_call (job, place, request, result_content, ended_at)
  select id, 1, request, result_content, ended_at from gateway.job;

alter table gateway.job drop column request, drop column result_content;
alter table gateway.job
  -- Which files are read by which call, and which are left out.
  add column files_content text,
  -- When the newest of its calls was begun: it waits for none for longer than one may take.
  add column alive_at timestamptz,
  -- What was short comes again then; and since when something was.
  add column not_before timestamptz,
  add column short_since timestamptz;
update gateway.job set alive_at = started_at;
drop index gateway.job_running;
create index job_running on gateway.job (alive_at) where ended_at is null;
