-- Findings that somebody sees without having handed them in: few beside those of a finder's own, and
-- found without walking past these. Who reported a finding sees all of it (level 3).
create index visibility_shared_findings on platform.visibility (party, subject)
  where level < 3 and starts_with(subject, 'finding_');
