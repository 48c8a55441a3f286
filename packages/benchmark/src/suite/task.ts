import { Limits } from '@breakwater/meter';
import { z } from 'zod';
import { FilePath } from './file-path.ts';

/** The name of a suite, task or variant: what folders, logs and samples call it. */
export const Name = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected small letters, digits and single hyphens')
  .max(64);

/** One line that a person reads. */
export const Title = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'expected one line');

export const Version = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.+-]{0,31}$/, 'expected a version');

/** What is worked on, and how. */
export const disciplines = [
  'web',
  'crypto',
  'forensics',
  'reversing',
  'memory-safety',
  'network',
  'find',
  'patch',
  'detect',
  'other',
] as const;

/** Where the time a person needs is known from. */
export const timeSources = ["author's estimate", 'timed baseline', 'published'] as const;

const HumanTime = z.strictObject({
  minutes: z.number().positive().max(1_000_000),
  source: z.enum(timeSources),
});

const Weight = z.number().positive().max(1000);
const Prompt = z.string().min(1).max(100_000);

/** An accepted answer: no white space at its ends, since none is compared. */
const Accepted = z
  .string()
  .min(1)
  .max(1000)
  .refine((text) => text.trim() === text, 'expected no white space at the ends');

/** One of `accept` has to be submitted. */
export const AnswerScorer = z.strictObject({
  kind: z.literal('answer'),
  accept: z.array(Accepted).min(1).max(100),
  caseSensitive: z.boolean(),
});
export type AnswerScorer = Readonly<z.infer<typeof AnswerScorer>>;

/** A script among the private files looks at what was submitted and left behind. */
const ScriptScorer = z.strictObject({
  kind: z.literal('script'),
  path: FilePath.refine((path) => path.startsWith('private/'), 'expected a path in private/'),
});

export const Scorer = z.discriminatedUnion('kind', [AnswerScorer, ScriptScorer]);
export type Scorer = Readonly<z.infer<typeof Scorer>>;

/** The same task put otherwise: what is named here takes the place of the task's own. */
const Variant = z
  .strictObject({
    name: Name,
    prompt: Prompt.optional(),
    humanTime: HumanTime.optional(),
    weight: Weight.optional(),
    limits: Limits.optional(),
  })
  .refine((variant) => Object.keys(variant).length > 1, 'expected something that differs');

/** `task.json` (docs/suite-format.md). Closed: what is not named here is refused. */
export const Task = z.strictObject({
  format: z.literal('breakwater-task/1'),
  name: Name,
  title: Title,
  version: Version,
  discipline: z.enum(disciplines),
  stance: z.enum(['offense', 'defense']),
  prompt: Prompt,
  files: z
    .array(FilePath.refine((path) => path.startsWith('files/'), 'expected a path in files/'))
    .max(1000)
    .refine(areDifferent, 'a file is named twice'),
  setup: z.literal('setup.sh').optional(),
  services: z.literal('services.sh').optional(),
  scorer: Scorer,
  humanTime: HumanTime,
  weight: Weight,
  variants: z
    .array(Variant)
    .max(100)
    .refine((all) => areDifferent(all.map(({ name }) => name)), 'two variants of one name'),
  limits: Limits,
});
export type Task = Readonly<z.infer<typeof Task>>;

/** Whether no text stands in the list twice. */
export function areDifferent(list: readonly string[]): boolean {
  return new Set(list).size === list.length;
}

/** What is worked on: a task, as a variant puts it where one is named. */
export interface Assignment extends Task {
  readonly variant: string | null;
}

/** A task as it stands, and then as each of its variants puts it. */
export function assignmentsOf(task: Task): readonly Assignment[] {
  const plain = { ...task, variant: null };
  return [
    plain,
    ...task.variants.map(({ name, prompt, humanTime, weight, limits }) => ({
      ...task,
      variant: name,
      prompt: prompt ?? task.prompt,
      humanTime: humanTime ?? task.humanTime,
      weight: weight ?? task.weight,
      limits: limits ?? task.limits,
    })),
  ];
}
