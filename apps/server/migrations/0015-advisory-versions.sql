-- Distributed by: advisory, as its table. Every version that ever was out, which never changes again;
-- distribute.advisory holds the newest. Public by decision, like it.
create table distribute.advisory_version (
  advisory text not null,
  version integer not null,
  published_at timestamptz not null,
  -- What is new about it, in one line.
  change text not null,
  osv jsonb not null,
  -- The same in the other formats, each as one text, to the byte; null: published before these were
  -- written, and made when asked for.
  documents jsonb,
  primary key (advisory, version)
);

insert into distribute.advisory_version (advisory, version, published_at, change, osv)
  select id, 1, published_at, 'First publication.', osv from distribute.advisory;
