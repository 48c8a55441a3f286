-- Distributed by: operator, as its table. How much of a list did not become a component; null: it came
-- in before this was counted.
alter table distribute.inventory add column not_understood integer;
