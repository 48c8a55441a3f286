import { buildReport, type RunsTable } from '@breakwater/benchmark/report';
import { seededRandom } from '@breakwater/statistics';

/** Enough for an interval of two figures; the terminal draws as many as it is told. */
const replicates = 1000;

// Fits and bootstrap take seconds: here the page stays alive meanwhile.
addEventListener(
  'message',
  ({ data }: MessageEvent<Pick<RunsTable, 'runs' | 'penalty' | 'weights'>>) => {
    const bootstrap = { replicates, seed: 1, random: seededRandom(1) };
    postMessage(buildReport(data, { bootstrap }));
  },
);
