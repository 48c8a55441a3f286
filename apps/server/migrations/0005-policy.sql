-- Distributed by: nothing; a reference table, on every node. What a role may call and reads as is data.
create table directory.role (
  name text primary key,
  -- null for a built-in role, whose title the contract has.
  title_content text,
  permissions text[] not null,
  principals text[] not null,
  built_in boolean not null,
  created_at timestamptz not null default now()
);

-- The built-in ones; their permissions are put in at each start, from the contract.
insert into directory.role (name, permissions, principals, built_in)
values ('coordinator', '{}', '{coordinators}', true), ('finder', '{}', '{}', true),
  ('owner', '{}', '{}', true), ('operator', '{}', '{}', true), ('auditor', '{}', '{}', true);

alter table directory.party
  add constraint party_role foreign key (role) references directory.role (name);

-- Owners saw the detail of every finding before its marking had a say: RED ones they see no more.
delete from platform.visibility where level = 2
  and subject in (select id from collect.finding where marking = 'RED');
