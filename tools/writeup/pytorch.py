#!/usr/bin/python3
"""The write-up's two trainings once more, in PyTorch, as an independent check; and how long its training step takes.

usage: /usr/bin/python3 tools/writeup/pytorch.py train DATA/fingers --network cnn|mobilenet --hold-out random|12|13|17 [--seed N] [--backbone FILE] > curve.jsonl
       /usr/bin/python3 tools/writeup/pytorch.py time [--side 224] [--batch 32] [--steps 10]

Needs Debian's python3-torch and python3-pil; shares no code with Handful. `train` prints what `handful train --json` prints: one line an
epoch and one at the end. Settings are the write-up's: the CNN with Adam 1e-3, batch 64, 50 epochs, early stopping after 3 epochs without
a lower validation loss; the head on frozen features with batch 16, 50 epochs, dropout 0.5. The last epoch counts.
"""
import argparse
import json
import os
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn


class FingerCnn(nn.Module):
    """Conv 6@3 → pool 2 → Conv 16@4 → pool 4, stride 2 → Conv 16@5 → pool 2 → Dense 256 → Dense 128 → n; all SAME, ReLU between."""

    def __init__(self, side, classes):
        super().__init__()
        self.conv1, self.conv2, self.conv3 = nn.Conv2d(3, 6, 3), nn.Conv2d(6, 16, 4), nn.Conv2d(16, 16, 5)
        self.dense1, self.dense2, self.output = nn.Linear(16 * (side // 8) ** 2, 256), nn.Linear(256, 128), nn.Linear(128, classes)
        for layer in self.children():
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(F.pad(x, (1, 1, 1, 1)))), 2)
        x = F.relu(self.conv2(F.pad(x, (1, 2, 1, 2))))
        x = F.max_pool2d(F.pad(x, (1, 1, 1, 1), value=float('-inf')), 4, 2)
        x = F.max_pool2d(F.relu(self.conv3(F.pad(x, (2, 2, 2, 2)))), 2)
        return self.output(F.relu(self.dense2(F.relu(self.dense1(x.flatten(1))))))


class Head(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.hidden, self.output = nn.Linear(1280, 100), nn.Linear(100, classes)
        for layer in self.children():
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        return self.output(F.dropout(F.relu(self.hidden(x)), 0.5, self.training))


class MobileNetV2:
    """The frozen backbone (α = 0.35, pooled), from a safetensors file with Keras' names and layouts."""

    def __init__(self, path):
        with open(path, 'rb') as file:
            size, = struct.unpack('<Q', file.read(8))
            header, data = json.loads(file.read(size)), file.read()
        kinds = {'F32': np.float32, 'F16': np.float16}
        self.tensors = {}
        for name, entry in header.items():
            if name != '__metadata__':
                begin, end = entry['data_offsets']
                values = np.frombuffer(data[begin:end], kinds[entry['dtype']]).astype(np.float32).reshape(entry['shape'])
                self.tensors[name] = torch.from_numpy(values.copy())

    def normalize(self, x, name):
        t = [self.tensors[f'{name}/{part}'] for part in ('moving_mean', 'moving_variance', 'gamma', 'beta')]
        return F.batch_norm(x, *t, eps=1e-3)

    def conv(self, x, name, normalization, stride=1, active=True):
        kernel = self.tensors[f'{name}/kernel'].permute(3, 2, 0, 1)
        if kernel.shape[2] == 3:
            x = F.pad(x, (0, 1, 0, 1))
        x = self.normalize(F.conv2d(x, kernel, stride=stride), normalization)
        return F.relu6(x) if active else x

    def depthwise(self, x, name, stride):
        kernel = self.tensors[f'{name}depthwise/depthwise_kernel'].permute(2, 3, 0, 1)
        x = F.pad(x, (0, 1, 0, 1) if stride == 2 else (1, 1, 1, 1))
        return F.relu6(self.normalize(F.conv2d(x, kernel, stride=stride, groups=x.shape[1]), f'{name}depthwise_BN'))

    @torch.no_grad()
    def features(self, x):
        x = self.conv(x, 'Conv1', 'bn_Conv1', 2)
        block = 0
        for count, first_stride in ((1, 1), (2, 2), (3, 2), (4, 2), (3, 1), (3, 2), (1, 1)):
            for i in range(count):
                stride, before = first_stride if i == 0 else 1, x
                name = f'block_{block}_' if block else 'expanded_conv_'
                if block:
                    x = self.conv(x, f'{name}expand', f'{name}expand_BN')
                x = self.conv(self.depthwise(x, name, stride), f'{name}project', f'{name}project_BN', active=False)
                if stride == 1 and x.shape == before.shape:
                    x = x + before
                block += 1
        return self.conv(x, 'Conv_1', 'Conv_1_bn').mean((2, 3))


def photos(folder, side=224):
    """Pixels (n, 3, side, side) as bytes, labels, and the names."""
    pixels, labels, names = [], [], []
    for label, class_name in enumerate(sorted(os.listdir(folder))):
        if not os.path.isdir(os.path.join(folder, class_name)):
            continue
        for name in sorted(os.listdir(os.path.join(folder, class_name))):
            image = Image.open(os.path.join(folder, class_name, name)).convert('RGB')
            w, h = image.size
            s = min(w, h)
            image = image.resize((side, side), Image.BILINEAR, ((w - s) / 2, (h - s) / 2, (w + s) / 2, (h + s) / 2))
            pixels.append(np.asarray(image).transpose(2, 0, 1))
            labels.append(label)
            names.append(name)
    return torch.from_numpy(np.stack(pixels)), torch.tensor(labels), names


def train(args):
    torch.manual_seed(args.seed)
    inputs, labels, names = photos(args.data)
    if args.network == 'mobilenet':
        backbone = MobileNetV2(args.backbone)
        inputs = torch.cat([backbone.features(part.float() / 127.5 - 1) for part in inputs.split(32)])
        model, batch, patience, prepare = Head(int(labels.max()) + 1), 16, 0, lambda x: x
    else:
        model, batch, patience, prepare = FingerCnn(224, int(labels.max()) + 1), 64, 3, lambda x: x.float() / 255
    if args.hold_out == 'random':
        order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(args.seed))
        held = order[:round(0.2 * len(labels))]
    else:
        held = torch.tensor([i for i, name in enumerate(names) if name.startswith(args.hold_out + '-')])
    learned = torch.tensor(sorted(set(range(len(labels))) - set(held.tolist())))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    best, since, began = float('inf'), 0, time.time()
    for epoch in range(1, 51):
        model.train()
        loss_sum = right = 0
        for part in learned[torch.randperm(len(learned))].split(batch):
            optimizer.zero_grad()
            logits = model(prepare(inputs[part]))
            loss = F.cross_entropy(logits, labels[part])
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(part)
            right += (logits.argmax(1) == labels[part]).sum().item()
        model.eval()
        with torch.no_grad():
            logits = torch.cat([model(prepare(inputs[part])) for part in held.split(64)])
        val_loss = F.cross_entropy(logits, labels[held]).item()
        val_accuracy = (logits.argmax(1) == labels[held]).float().mean().item()
        print(json.dumps({'epoch': epoch, 'loss': loss_sum / len(learned), 'accuracy': right / len(learned), 'val_loss': val_loss,
                          'val_accuracy': val_accuracy}), flush=True)
        since = 0 if val_loss < best else since + 1
        best = min(best, val_loss)
        if patience and since == patience:
            break
    print(json.dumps({'val_accuracy': val_accuracy, 'val_loss': val_loss, 'seconds': time.time() - began, 'seed': args.seed}))


def measure(args):
    torch.set_num_threads(1)
    model = FingerCnn(args.side, 4)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    x, y = torch.rand(args.batch, 3, args.side, args.side), torch.arange(args.batch) % 4
    times = []
    for _ in range(args.steps + 2):
        began = time.perf_counter()
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        times.append((time.perf_counter() - began) * 1000)
    median = sorted(times[2:])[args.steps // 2]
    print(json.dumps({'torch': torch.__version__, 'threads': 1, 'side': args.side, 'batch': args.batch, 'median_ms': round(median, 1),
                      'pictures_a_second': round(args.batch / median * 1000, 1)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser('train')
    one.add_argument('data')
    one.add_argument('--network', choices=['cnn', 'mobilenet'], required=True)
    one.add_argument('--hold-out', default='random')
    one.add_argument('--seed', type=int, default=1)
    one.add_argument('--backbone', default='models/mobilenet_v2_035_224_backbone.safetensors')
    one.set_defaults(run=train)
    two = commands.add_parser('time')
    two.add_argument('--side', type=int, default=224)
    two.add_argument('--batch', type=int, default=32)
    two.add_argument('--steps', type=int, default=10)
    two.set_defaults(run=measure)
    args = parser.parse_args()
    args.run(args)


if __name__ == '__main__':
    sys.exit(main())
