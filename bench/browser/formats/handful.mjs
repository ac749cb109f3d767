// A network of nets.mjs → a Handful model file (docs/FORMATS.md): safetensors with Keras' names.
// Batch normalisation was folded into the biases, so the file's is neutral: gamma 1, mean 0, variance 1 - epsilon.
import { createHash } from 'node:crypto';

const kEpsilon = 1e-3;  // of Keras' MobileNetV2
const kPixelScale = { input_side: '224', input_scale: String(Math.fround(1 / 127.5)), input_offset: '-1', crop_mode: 'center' };

export function toHandful(network) {
  const tensors = network.name === 'cnn' ? cnnTensors(network) : backboneTensors(network);
  return safetensors(tensors, {
    format: 'handful-model', format_version: '1', title: `benchmark ${network.name}`, ...kPixelScale,
    ...(network.name === 'cnn'
      ? { network: 'finger_cnn', classes: JSON.stringify(['a', 'b', 'c', 'd']) }
      : { network: 'mobilenet_v2_backbone', alpha: '0.35', backbone_sha256: contentHash(tensors) }),
  });
}

/** A head of 100 hidden units and 4 classes on the backbone, for whole answers to whole pictures. */
export function headFor(backboneFile, random) {
  const numbers = (count) => Float32Array.from({ length: count }, () => (random() - 0.5) / 10);
  const hash = JSON.parse(backboneFile.toString('utf8', 8, 8 + Number(backboneFile.readBigUInt64LE(0))))
    .__metadata__.backbone_sha256;
  return safetensors([['hidden/kernel', [1280, 100], numbers(128000)], ['hidden/bias', [100], numbers(100)],
                      ['output/kernel', [100, 4], numbers(400)], ['output/bias', [4], numbers(4)]],
                     { format: 'handful-model', format_version: '1', title: 'benchmark head', ...kPixelScale,
                       network: 'mobilenet_v2_head', classes: JSON.stringify(['a', 'b', 'c', 'd']), alpha: '0.35',
                       backbone_sha256: hash });
}

function cnnTensors({ operations }) {
  return operations.filter(({ weights }) => weights).flatMap(({ op, layer, kernel, inputShape, shape, weights, bias }) => [
    [`${layer}/kernel`, op === 'conv' ? [kernel, kernel, inputShape[3], shape[3]] : [inputShape[1], shape[1]], weights],
    [`${layer}/bias`, bias.length === shape.at(-1) ? [bias.length] : [], bias]]);
}

function backboneTensors({ operations }) {
  return operations.filter(({ weights }) => weights).flatMap(({ op, layer, kernel, inputShape, shape, weights, bias }) => {
    const channels = shape[3];
    const norm = layer === 'Conv1' ? 'bn_Conv1' : layer === 'Conv_1' ? 'Conv_1_bn' : `${layer}_BN`;
    const constant = (value) => new Float32Array(channels).fill(value);
    return [
      op === 'depthwise' ? [`${layer}/depthwise_kernel`, [kernel, kernel, channels, 1], weights]
                         : [`${layer}/kernel`, [kernel, kernel, inputShape[3], channels], weights],
      [`${norm}/gamma`, [channels], constant(1)],
      [`${norm}/beta`, [channels], bias],
      [`${norm}/moving_mean`, [channels], constant(0)],
      [`${norm}/moving_variance`, [channels], constant(1 - kEpsilon)],
    ];
  });
}

const bytesOf = (values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

function contentHash(tensors) {
  const hash = createHash('sha256');
  for (const [, , values] of tensors) hash.update(bytesOf(values));
  return hash.digest('hex');
}

function safetensors(tensors, metadata) {
  let end = 0;
  const entries = tensors.map(([name, shape, values]) =>
    [name, { dtype: 'F32', shape, data_offsets: [end, end += values.byteLength] }]);
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...tensors.map(([, , values]) => bytesOf(values))]);
}
