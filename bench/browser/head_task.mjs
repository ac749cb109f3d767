// The head training that is measured: the sizes, and features like those of a mean after ReLU6.
import { randomOf } from './nets.mjs';

export const kHeadTask = { training: 960, validation: 240, features: 1280, classes: 4, hidden: 100, dropout: 0.5, batch: 32, epochs: 50,
                           learningRate: 0.001 };

/** values (samples, features), not negative, about a mean of each class; labels (samples). */
export function headData({ training, validation, features, classes }) {
  const random = randomOf(5);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const means = Array.from({ length: classes }, () => Float32Array.from({ length: features }, () => Math.max(0, 0.4 + 0.25 * gauss())));
  const samples = training + validation;
  const labels = Int32Array.from({ length: samples }, () => Math.floor(random() * classes));
  const values = Float32Array.from({ length: samples * features },
                                   (_, at) => Math.max(0, means[labels[Math.floor(at / features)]][at % features] + 0.55 * gauss()));
  return { samples, values, labels };
}
