"""MobileNetV2 α = 0.35 in PyTorch: as Keras defines it (docs/NUMERICS.md), so that what is learned here runs in the engine.

Two forms of one network:
  Learner  every convolution is followed by batch norm; learns block by block.
  Folded   every convolution has a scale and a bias for each output channel and no statistics: the form of the teacher, and of the student
           as soon as all blocks learn together (a third faster, and the answer does not depend on who else is in the batch).
Tensors are NCHW in channels-last memory.
"""
import hashlib
import json
import struct

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

FEATURES = 1280
EPSILON = 1e-3
# expansion, output channels, blocks, stride of the first
STAGES = [(1, 8, 1, 1), (6, 8, 2, 2), (6, 16, 3, 2), (6, 24, 4, 2), (6, 32, 3, 1), (6, 56, 3, 2), (6, 112, 1, 1)]


class ConvSpec:
    """One convolution of the network: its Keras name, that of its batch norm, and its shape."""

    def __init__(self, name, norm, inputs, outputs, kernel, stride, depthwise, relu6):
        self.name, self.norm, self.inputs, self.outputs = name, norm, inputs, outputs
        self.kernel, self.stride, self.depthwise, self.relu6 = kernel, stride, depthwise, relu6

    @property
    def weight_shape(self):  # PyTorch's OIHW
        return self.outputs, 1 if self.depthwise else self.inputs, self.kernel, self.kernel


def block_specs():
    """The network as 19 steps, each (convolutions, whether its input is added to its output): Conv1, 17 blocks, Conv_1."""
    steps = [([ConvSpec('Conv1', 'bn_Conv1', 3, 16, 3, 2, False, True)], False)]
    channels, number = 16, 0
    for expansion, outputs, repeats, first_stride in STAGES:
        for i in range(repeats):
            stride, hidden = first_stride if i == 0 else 1, channels * expansion
            prefix = 'expanded_conv' if number == 0 else f'block_{number}'
            convs = [ConvSpec(f'{prefix}_depthwise', f'{prefix}_depthwise_BN', hidden, hidden, 3, stride, True, True),
                     ConvSpec(f'{prefix}_project', f'{prefix}_project_BN', hidden, outputs, 1, 1, False, False)]
            if expansion > 1:
                convs.insert(0, ConvSpec(f'{prefix}_expand', f'{prefix}_expand_BN', channels, hidden, 1, 1, False, True))
            steps.append((convs, stride == 1 and channels == outputs))
            channels, number = outputs, number + 1
    steps.append(([ConvSpec('Conv_1', 'Conv_1_bn', channels, FEATURES, 1, 1, False, True)], False))
    return steps


def convolve(spec, x, weight, bias=None):
    if spec.kernel == 3:  # TensorFlow's SAME: at stride 2 and even sizes zeros only below and right
        x = F.pad(x, (0, 1, 0, 1)) if spec.stride == 2 else F.pad(x, (1, 1, 1, 1))
    return F.conv2d(x, weight, bias, spec.stride, groups=spec.inputs if spec.depthwise else 1)


class LearnerConv(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        self.weight = nn.Parameter(torch.empty(spec.weight_shape))
        self.norm = nn.BatchNorm2d(spec.outputs, eps=EPSILON, momentum=0.02)
        nn.init.kaiming_normal_(self.weight, mode='fan_in' if spec.depthwise else 'fan_out')

    def forward(self, x):
        x = self.norm(convolve(self.spec, x, self.weight))
        return F.relu6(x) if self.spec.relu6 else x

    def folded(self):
        """(unit weights, scale, bias): convolving with weights · scale and adding the bias is what this layer does at rest."""
        scale = self.norm.weight / torch.sqrt(self.norm.running_var + EPSILON)
        return self.weight.detach(), scale.detach(), (self.norm.bias - self.norm.running_mean * scale).detach()


class FoldedConv(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        self.weight = nn.Parameter(torch.zeros(spec.weight_shape))
        self.scale = nn.Parameter(torch.ones(spec.outputs))
        self.bias = nn.Parameter(torch.zeros(spec.outputs))

    def forward(self, x):
        x = convolve(self.spec, x, self.weight * self.scale[:, None, None, None], self.bias)
        return F.relu6(x) if self.spec.relu6 else x


class MobileNetV2(nn.Module):
    """19 steps (`block_specs`), of LearnerConv or FoldedConv."""

    def __init__(self, conv):
        super().__init__()
        self.steps = nn.ModuleList([nn.ModuleList([conv(spec) for spec in convs]) for convs, _ in block_specs()])
        self.adds_input = [adds for _, adds in block_specs()]
        self.to(memory_format=torch.channels_last)

    def step(self, i, x):
        y = x
        for conv in self.steps[i]:
            y = conv(y)
        return x + y if self.adds_input[i] else y

    def activations(self, x):
        """What each of the 19 steps gives, in order."""
        outputs = []
        for i in range(len(self.steps)):
            x = self.step(i, x)
            outputs.append(x)
        return outputs

    def forward(self, x):
        """(N, 3, side, side) in [-1, 1] → (N, 1280), the mean of the last maps."""
        return self.activations(x)[-1].mean((2, 3))

    def convs(self):
        return [conv for step in self.steps for conv in step]


def fold(learner):
    folded = MobileNetV2(FoldedConv)
    with torch.no_grad():
        for source, target in zip(learner.convs(), folded.convs()):
            for parameter, value in zip((target.weight, target.scale, target.bias), source.folded()):
                parameter.copy_(value)
    return folded


# ---- files ----

def read_safetensors(path):
    """{name: float32 array}, metadata. ValueError with a sentence where the file is not sound."""
    with open(path, 'rb') as file:
        content = file.read()
    try:
        size = struct.unpack_from('<Q', content)[0]
        header = json.loads(content[8:8 + size])
        metadata = header.pop('__metadata__', {})
        tensors = {}
        for name, entry in header.items():
            begin, end = entry['data_offsets']
            kind = {'F32': np.float32, 'F16': np.float16}[entry['dtype']]
            tensors[name] = np.frombuffer(content[8 + size + begin:8 + size + end], kind).reshape(entry['shape']).astype(np.float32)
        return tensors, metadata
    except (ValueError, KeyError, struct.error) as error:
        raise ValueError(f'{path} is not a sound safetensors file ({error})') from error


def load_backbone(path):
    """A backbone as the engine stores it (FORMATS.md), as a frozen Folded network."""
    tensors, _ = read_safetensors(path)
    network = MobileNetV2(FoldedConv)
    with torch.no_grad():
        for conv in network.convs():
            spec = conv.spec
            kernel = tensors[f'{spec.name}/' + ('depthwise_kernel' if spec.depthwise else 'kernel')].astype(np.float64)
            gamma, beta, mean, variance = [tensors[f'{spec.norm}/{part}'].astype(np.float64) for part in ('gamma', 'beta', 'moving_mean', 'moving_variance')]
            scale = gamma / np.sqrt(variance + EPSILON)
            kernel = kernel.transpose(2, 3, 0, 1) if spec.depthwise else kernel.transpose(3, 2, 0, 1)
            conv.weight.copy_(torch.from_numpy(kernel * scale[:, None, None, None]))
            conv.bias.copy_(torch.from_numpy(beta - mean * scale))
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)


def start_from(network, backbone):
    """Gives a Folded network the numbers of another. Its weights are as large as those that training starts with and the rest is in the
    scales, so that steps of the usual length suit them."""
    with torch.no_grad():
        for target, source in zip(network.convs(), backbone.convs()):
            spec, weight = source.spec, source.weight * source.scale[:, None, None, None]
            fan = spec.kernel ** 2 * (1 if spec.depthwise else spec.outputs)
            scale = weight.pow(2).mean((1, 2, 3)).sqrt() / (2 / fan) ** .5 + 1e-6
            target.scale.copy_(scale)
            target.weight.copy_(weight / scale[:, None, None, None])
            target.bias.copy_(source.bias)


def write_backbone(network, path, metadata):
    """Writes a Folded network under Keras' names as float16 and returns its content hash.

    Batch norm stays what it is when folded: gamma 1, mean 0, variance 1 - epsilon. The hash is over the rounded numbers as float32, so the
    file is exactly what it says.
    """
    tensors = []
    for conv in network.convs():
        spec = conv.spec
        weight = (conv.weight * conv.scale[:, None, None, None]).detach().numpy()
        kernel = weight.transpose(2, 3, 0, 1) if spec.depthwise else weight.transpose(2, 3, 1, 0)
        tensors.append((f'{spec.name}/' + ('depthwise_kernel' if spec.depthwise else 'kernel'), kernel))
        n = spec.outputs
        for part, value in (('gamma', np.ones(n)), ('beta', conv.bias.detach().numpy()), ('moving_mean', np.zeros(n)), ('moving_variance', np.full(n, 1 - EPSILON))):
            tensors.append((f'{spec.norm}/{part}', value))
    sha256, header, data, offset = hashlib.sha256(), {}, [], 0
    for name, value in tensors:
        half = np.ascontiguousarray(value, dtype=np.float16)
        if not np.isfinite(half).all():
            raise ValueError(f'{name} has numbers that float16 cannot hold')
        sha256.update(half.astype('<f4').tobytes())
        header[name] = {'dtype': 'F16', 'shape': list(half.shape), 'data_offsets': [offset, offset + half.nbytes]}
        data.append(half.astype('<f2').tobytes())
        offset += half.nbytes
    metadata = {'format': 'handful-model', 'format_version': '1', 'network': 'mobilenet_v2_backbone', 'alpha': '0.35', 'input_side': '224',
                'backbone_sha256': sha256.hexdigest(), **metadata}
    text = json.dumps({'__metadata__': metadata, **header}, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + b''.join(data))
    return metadata['backbone_sha256']
