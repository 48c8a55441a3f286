-- What a campaign found, kept before it is handed in: a crash in between must not make it fuzz again.
alter table discover.campaign add column record_content text;
