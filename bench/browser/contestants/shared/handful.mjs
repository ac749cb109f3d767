// The commands by which both ways of running Handful are measured.
export const loadCommand = (net) =>
  net === 'mobilenet' ? { type: 'LoadBackbone', name: net } : { type: 'LoadModel', names: [net] };

export const commandFor = (net) => net === 'mobilenet'
  ? { type: 'ComputeFeatures', width: 224, height: 224 }
  : { type: 'Classify', width: 224, height: 224, top: 4 };
