-- Distributed by: operator, as its table. What its operator said beside a list and nobody reads from it:
-- the Debian release. How many of its packages come from a distribution whose release nobody named;
-- null: it came in before this was counted. And the revision that was last compared with every
-- advisory; null: none yet.
alter table distribute.inventory add column release text;
alter table distribute.inventory add column release_missing integer;
alter table distribute.inventory add column judged_revision integer;

-- Distributed by: inventory. Of which component, by its place in the list, nobody can say whether an
-- advisory affects it, and why. Kept apart from notices: it is no card, and it is not nothing.
create table distribute.undecided (
  inventory text not null,
  advisory text not null,
  component integer not null,
  doubt text not null,
  primary key (inventory, advisory, component)
);
