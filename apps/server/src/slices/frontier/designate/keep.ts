import type { Id, Instant } from '@breakwater/kernel';
import type { Event as Entry } from '../../../platform/commands/commands.ts';
import type { Transaction } from '../../../platform/database/database.ts';
import type { Place, With } from './act.ts';
import type { Event } from './model.ts';
import {
  insertAssessment,
  insertConsultation,
  insertDetermination,
  insertDissent,
  insertEvaluation,
  insertFile,
  insertRun,
  revise,
  setSeers,
} from './store.ts';

/** What is kept with an event beside what was decided. */
export interface Kept {
  readonly party: Id<'party'>;
  readonly now: Instant;
  readonly place: Place;
  readonly also: With;
}

/** The act whose entry holds a determination: its outcome, date and reference, and nothing else. */
export const enteredAct = 'designate.determination-entered';

/** Writes an event as rows, and says what of it goes into the log. */
export async function keep(tx: Transaction, event: Event, kept: Kept): Promise<readonly Entry[]> {
  await insert(tx, event, kept);
  if (event.act !== 'designate.file-opened') await revise(tx, event.file);
  return entriesOf(event, kept);
}

function entriesOf(event: Event, { place, also }: Kept): readonly Entry[] {
  const { act, file } = event;
  const entry = (data: Entry['data']): Entry => ({ act, subject: file, data: { file, ...data } });
  const content = also.text?.id ?? null;
  switch (event.act) {
    case 'designate.file-opened':
      return [entry({ matter: place.matter, rule: event.rule, former: event.former })];
    case 'designate.run-attached':
      return [entry({ run: event.run })];
    case 'designate.evaluated': {
      const { evaluation, rule, runs, outcome, digest } = event;
      return [entry({ evaluation, rule, runs: [...runs], outcome, digest, content })];
    }
    case 'designate.consulted': {
      const { consultation, office, date, reference } = event;
      return [entry({ consultation, office, date, reference })];
    }
    case 'designate.dissented':
      return [entry({ content })];
    case 'designate.told': {
      const { assessment, evaluation, parts } = event;
      return [entry({ assessment, evaluation, parts: [...parts], content })];
    }
    case 'designate.determined': {
      const { determination, outcome, date, reference, former } = event;
      const data = { determination, matter: place.matter, outcome, date, reference, former };
      return [entry({ determination }), { act: enteredAct, subject: determination, data }];
    }
  }
}

async function insert(
  tx: Transaction,
  event: Event,
  { party, now: at, place, also }: Kept,
): Promise<void> {
  const { file } = event;
  switch (event.act) {
    case 'designate.file-opened': {
      const { rule, former } = event;
      const { official = null, seers = [] } = place.opening ?? {};
      const { matter } = place;
      await insertFile(tx, { id: file, matter, keeper: party, official, rule, former, at });
      await setSeers(tx, file, seers);
      return;
    }
    case 'designate.run-attached': {
      const { run, model } = event;
      const { beganAt: began_at, samples } = also.attached ?? { beganAt: at, samples: 0 };
      await insertRun(tx, { file, run, party, model, began_at, samples, at });
      return;
    }
    case 'designate.evaluated': {
      const { evaluation: id, rule, runs, outcome, digest } = event;
      const row = { id, file, rule, party, runs: [...runs], outcome, digest, at };
      await insertEvaluation(tx, { ...row, figures_content: textOf(also) });
      return;
    }
    case 'designate.consulted': {
      const { consultation: id, office, date, reference } = event;
      await insertConsultation(tx, { id, file, office, date, reference, party, at });
      return;
    }
    case 'designate.dissented':
      await insertDissent(tx, { file, party, content: textOf(also), at });
      return;
    case 'designate.determined': {
      const { determination: id, outcome, date, reference, former, bundle } = event;
      const { matter } = place;
      const row = { id, file, matter, outcome, date, reference, former, bundle, party, at };
      await insertDetermination(tx, row);
      return;
    }
    case 'designate.told': {
      const { assessment: id, evaluation, parts } = event;
      // There is a developer only where the matter is an engagement here.
      const engagement = place.matter as Id<'engagement'>;
      const row = { id, file, engagement, evaluation, parts: [...parts], party, at };
      await insertAssessment(tx, { ...row, content: textOf(also) });
      return;
    }
  }
}

function textOf({ text }: With): Id<'content'> {
  if (text === undefined) throw new Error('expected the text that goes with it');
  return text.id;
}
