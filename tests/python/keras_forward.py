#!/usr/bin/env python3
"""Reads a Keras file by h5py alone, runs the network that its config describes in PyTorch, and prints what came out.

    keras_forward.py FILE.h5|FILE.keras PICTURES.f32

PICTURES.f32: float32 inputs (little-endian), one after the other. Prints JSON: {"weights": {name: [shape, SHA-256 of the
float32 bytes]}, "answers": [[probabilities]]}. Nothing here knows Handful's networks: layers are run by what the file says
of them. Needs Debian's python3-h5py and python3-torch.
"""
import hashlib
import io
import json
import re
import sys
import zipfile

import h5py
import numpy
import torch
import torch.nn.functional as functional


def weights_of_h5(file):
    """Of Keras 2: layer → weights, by layer_names and weight_names."""
    group = file['model_weights']
    text = lambda name: name.decode() if isinstance(name, bytes) else name
    return {layer: {text(name): group[layer][text(name)][()] for name in group[layer].attrs['weight_names']}
            for layer in map(text, group.attrs['layer_names'])}


def weights_of_keras(file, config):
    """Of Keras 3: layers are numbered within their class, weights within their layer."""
    counts, weights = {}, {}
    for layer in config['config']['layers']:
        name = re.sub('(.)([A-Z][a-z]+)', r'\1_\2', layer['class_name'])
        name = re.sub('([a-z])([A-Z])', r'\1_\2', name).lower()
        number = counts[name] = counts.get(name, -1) + 1
        store = file['layers'][f'{name}_{number}' if number else name]['vars']
        assert store.attrs['name'] == layer['config']['name']
        weights[layer['config']['name']] = {str(i): store[str(i)][()] for i in range(len(store))}
    return weights


def load(path):
    if path.endswith('.h5'):
        with h5py.File(path, 'r') as file:
            assert file.attrs['backend'] == 'tensorflow' and file.attrs['keras_version'].startswith('2.')
            return json.loads(file.attrs['model_config']), weights_of_h5(file)
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read('metadata.json'))['keras_version'].startswith('3.')
        config = json.loads(archive.read('config.json'))
        with h5py.File(io.BytesIO(archive.read('model.weights.h5')), 'r') as file:
            return config, weights_of_keras(file, config)


def inputs_of(layer):
    """The names of the layers that it reads, in either version's form."""
    names = []
    for node in layer['inbound_nodes']:
        if isinstance(node, list):
            names += [one[0] for one in node]
            continue
        stack = list(reversed(node['args']))
        while stack:
            item = stack.pop()
            if isinstance(item, list):
                stack.extend(reversed(item))
            else:
                names.append(item['config']['keras_history'][0])
    return names


def same_padding(x, kernel, stride, value):
    """TensorFlow's SAME of (N,C,H,W): what is odd goes below and right."""
    sides = []
    for size in (x.shape[3], x.shape[2]):
        missing = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        sides += [missing // 2, missing - missing // 2]
    return functional.pad(x, sides, value=value)


def activate(x, name):
    return {'linear': lambda: x, 'relu': lambda: torch.relu(x), 'softmax': lambda: torch.softmax(x, -1)}[name]()


def run_layer(kind, config, weights, inputs):
    x = inputs[0]
    w = [torch.from_numpy(value) for value in weights.values()]
    if kind in ('Conv2D', 'DepthwiseConv2D'):
        assert config['padding'] == 'same' and config['data_format'] == 'channels_last'
        depthwise = kind == 'DepthwiseConv2D'
        kernel, stride = config['kernel_size'][0], config['strides'][0]
        filters = w[0].permute(2, 3, 0, 1) if depthwise else w[0].permute(3, 2, 0, 1)
        y = functional.conv2d(same_padding(x, kernel, stride, 0.0), filters, w[1] if config['use_bias'] else None, stride,
                              groups=x.shape[1] if depthwise else 1)
        return activate(y, config['activation'])
    if kind == 'BatchNormalization':
        gamma, beta, mean, variance = w
        return functional.batch_norm(x, mean, variance, gamma, beta, eps=config['epsilon'])
    if kind == 'ReLU':
        return torch.relu(x) if config['max_value'] is None else torch.clamp(x, 0.0, config['max_value'])
    if kind == 'MaxPooling2D':
        size, stride = config['pool_size'][0], config['strides'][0]
        assert config['padding'] == 'same'
        return functional.max_pool2d(same_padding(x, size, stride, -float('inf')), size, stride)
    if kind == 'Add':
        return inputs[0] + inputs[1]
    if kind == 'GlobalAveragePooling2D':
        return x.mean((2, 3))
    if kind == 'Flatten':
        return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)
    if kind == 'Dense':
        return activate(x @ w[0] + (w[1] if config['use_bias'] else 0.0), config['activation'])
    raise ValueError(f'a layer of class {kind}')


def main():
    config, weights = load(sys.argv[1])
    layers = config['config']['layers']
    first = layers[0]['config']
    height, width, channels = (first.get('batch_input_shape') or first['batch_shape'])[1:]
    values = numpy.fromfile(sys.argv[2], dtype='<f4').reshape(-1, height, width, channels)
    outputs = {first['name']: torch.from_numpy(values.copy()).permute(0, 3, 1, 2)}
    with torch.no_grad():
        for layer in layers[1:]:
            name = layer['config']['name']
            outputs[name] = run_layer(layer['class_name'], layer['config'], weights[name],
                                      [outputs[read] for read in inputs_of(layer)])
    answers = outputs[config['config']['output_layers'][0][0]]
    json.dump({'weights': {f'{layer} {name}': [list(value.shape), hashlib.sha256(value.astype('<f4').tobytes()).hexdigest()]
                           for layer, values in weights.items() for name, value in values.items()},
               'answers': answers.tolist()}, sys.stdout)


if __name__ == '__main__':
    main()
