import { z } from 'zod';
import { Canary } from '../leak/canary.ts';
import { areDifferent, Name, Title, Version } from './task.ts';

/** Tasks of one suite at most. */
export const suiteTasksMax = 1000;

/** `suite.json` (docs/suite-format.md). The order of `tasks` is that of the commitments. */
export const Suite = z.strictObject({
  format: z.literal('breakwater-suite/1'),
  name: Name,
  title: Title,
  version: Version,
  canary: Canary,
  tasks: z.array(Name).min(1).max(suiteTasksMax).refine(areDifferent, 'a task is named twice'),
});
export type Suite = Readonly<z.infer<typeof Suite>>;
