// How often a model is right, from its answers.

/** A picture's answer beside what it shows. */
export interface Judged {
  label: string;
  said: string;
  /** The probability of what it said. */
  p: number;
}

export interface Evaluation {
  /** Pictures asked about, and those of them that were answered right. */
  count: number;
  right: number;
  /** right / count; 0 where there were none. */
  accuracy: number;
  /** Wilson's interval of the accuracy at 95 % (Wilson 1927): small numbers say little. */
  interval: [low: number, high: number];
  /** The labels there were, and the model's classes. */
  classes: string[];
  /** `confusion[i][j]`: pictures of classes[i] that were answered classes[j]. */
  confusion: number[][];
  /** One for each picture, in their order. */
  answers: Judged[];
}

const kZ = 1.959963984540054;  // 97.5th percentile of the normal distribution

/** Wilson's score interval for `right` of `count`. */
export function wilson(right: number, count: number): [low: number, high: number] {
  if (count === 0) return [0, 1];
  const p = right / count, z2 = kZ * kZ / count;
  const middle = (p + z2 / 2) / (1 + z2), half = kZ * Math.sqrt(p * (1 - p) / count + z2 / (4 * count)) / (1 + z2);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

export function evaluationOf(answers: Judged[], known: string[]): Evaluation {
  const classes = [...new Set([...known, ...answers.map(({ label }) => label)])];
  const at = new Map(classes.map((name, i) => [name, i]));
  const confusion = classes.map(() => classes.map(() => 0));
  for (const { label, said } of answers) confusion[at.get(label)!][at.get(said)!] += 1;
  const count = answers.length, right = answers.filter(({ label, said }) => label === said).length;
  return { count, right, accuracy: count === 0 ? 0 : right / count, interval: wilson(right, count), classes, confusion, answers };
}
