-- Why a coordinator ended a place in line.
alter table deconflict.wait add column reason_content text;
create index wait_newest on deconflict.wait (since desc, id desc) where state = 'waiting';

-- A record of coverage that a coordinator does not believe: it stays on the map, struck.
alter table deconflict.coverage add column struck_at timestamptz;
alter table deconflict.coverage add column struck_by text;
alter table deconflict.coverage add column struck_reason text;

create index wishes_standing on deconflict.wishes (party) where withdrawn_at is null;
