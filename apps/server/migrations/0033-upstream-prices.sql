-- Distributed by: upstream. What an endpoint cost until its prices were stated anew: what was settled
-- before is corrected by them.
create table gateway.prices_before (
  upstream text not null,
  until timestamptz not null,
  prices jsonb not null,
  primary key (upstream, until)
);
