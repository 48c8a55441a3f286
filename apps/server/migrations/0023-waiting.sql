-- Distributed by: reporter. What can be guessed is more than identifiers; what is beyond a day's
-- guesses waits.
alter table correlate.named_only rename to guess;
alter index correlate.named_only_by_reporter rename to guess_by_reporter;

-- Findings that are in and look for their case later, with the keys by which they will, kept blind.
create table collect.waiting (
  finding text primary key,
  reporter text not null,
  keys jsonb not null,
  -- A coordinator said that it is no guess.
  let_in boolean not null default false
);
create index waiting_by_reporter on collect.waiting (reporter, finding);
