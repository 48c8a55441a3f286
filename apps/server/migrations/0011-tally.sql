-- Distributed by: id. How many cases of each stage and waiting stand in the coordinators' list, as a
-- sum. A change adds rows instead of changing one, so that no writer waits for another; they are
-- folded together by and by.
create table coordinate.tally (
  id text primary key,
  stage text collate "C" not null,
  waiting text collate "C" not null,
  n int not null
);
create index tally_sum on coordinate.tally (stage, waiting) include (n);
insert into coordinate.tally (id, stage, waiting, n)
  select 'first ' || stage || ' ' || waiting, stage, waiting, count(*)
  from coordinate.listing where principal = 'coordinators' group by stage, waiting;
