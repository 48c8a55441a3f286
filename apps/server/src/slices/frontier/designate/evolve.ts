import type { DesignationFile, Event, Matter } from './model.ts';

/** What stands of designating after an event. */
export function evolve(matter: Matter, event: Event): Matter {
  if (event.act === 'designate.file-opened') {
    return { ...matter, files: [...matter.files, opened(event)] };
  }
  const files = matter.files.map((file) =>
    file.id === event.file ? { ...file, ...changeBy(file, event) } : file,
  );
  if (event.act !== 'designate.determined') return { ...matter, files };
  const { determination: id, file, outcome, date, former, bundle } = event;
  const entered = { id, file, outcome, date, former, bundle };
  return { files, determinations: [...matter.determinations, entered] };
}

type OpenedEvent = Extract<Event, { act: 'designate.file-opened' }>;

function opened({ file: id, rule, former }: OpenedEvent): DesignationFile {
  return {
    id,
    rule,
    former,
    runs: [],
    evaluations: [],
    consultations: {},
    dissents: 0,
    assessments: 0,
    determination: null,
  };
}

function changeBy(
  file: DesignationFile,
  event: Exclude<Event, OpenedEvent>,
): Partial<DesignationFile> {
  switch (event.act) {
    case 'designate.run-attached':
      return { runs: [...file.runs, { run: event.run, model: event.model }] };
    case 'designate.evaluated':
      return { evaluations: [...file.evaluations, event.evaluation] };
    case 'designate.consulted':
      return { consultations: { ...file.consultations, [event.office]: event.date } };
    case 'designate.dissented':
      return { dissents: file.dissents + 1 };
    case 'designate.told':
      return { assessments: file.assessments + 1 };
    case 'designate.determined':
      return { determination: event.determination };
  }
}
