-- Distributed by: from_target. That a repository, or all of an owner's, is now called otherwise. Few:
-- every server reads all that stand.
create table deconflict.rename (
  id text primary key,
  -- Canonical, without a path.
  from_target text not null,
  to_target text not null,
  by_party text not null,
  reason_content text not null,
  at timestamptz not null,
  withdrawn_at timestamptz
);
create unique index rename_standing on deconflict.rename (from_target) where withdrawn_at is null;

-- Distributed by: repository. The order in which commits lie on the main line of a repository.
create table deconflict.commit_order (
  id text primary key,
  -- Canonical, without a path.
  repository text not null,
  -- The names of the commits one after the other, oldest first, each `width` bytes.
  commits bytea not null,
  width smallint not null,
  by_party text not null,
  at timestamptz not null
);
create unique index commit_order_newest on deconflict.commit_order (repository, at desc, id desc);
