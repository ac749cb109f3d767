"""The table of docs/RESULTS.md: how near a backbone's features are to the teacher's, and what can be learned on them.

Heads, splits and episodes are those of the first probe: the write-up's head on standardised features; whole capture sessions held out;
logistic regression and five nearest neighbours on classes that no pretraining has seen.
"""
import copy
import glob
import os
import random
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from sklearn.linear_model import LogisticRegression
from torch import nn

import network
import pictures

SIDE = 224
SESSIONS = (12, 13, 17)
CUT = 14  # steps before the tail that is tuned: Conv1 and 13 blocks; blocks 13 to 16 and Conv_1 learn


def read_squares(files):
    return [pictures.centre_square(Image.open(file), SIDE, Image.BICUBIC) for file in files]


def to_tensor(squares):
    return (torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def features(model, squares):
    with torch.no_grad():
        return np.concatenate([model(to_tensor(squares[i:i + 64])).numpy() for i in range(0, len(squares), 64)])


def standardised(learned, *others):
    mean, deviation = learned.mean(0), learned.std(0)
    deviation = np.maximum(deviation, .05 * deviation.mean())
    return [(v - mean) / deviation for v in (learned, *others)]


def head_accuracy(learned, labels, asked, answers, seed):
    """The write-up's head: Dense(100, relu), dropout 0.5, Adam 1e-3, batch 16, 50 epochs."""
    torch.manual_seed(seed)
    learned, asked = [torch.tensor(v).float() for v in standardised(learned, asked)]
    labels = torch.tensor(labels)
    head = nn.Sequential(nn.Linear(network.FEATURES, 100), nn.ReLU(), nn.Dropout(.5), nn.Linear(100, 4))
    optimiser = torch.optim.Adam(head.parameters(), 1e-3)
    for _ in range(50 * len(labels) // 16):
        j = torch.randint(0, len(labels), (16,))
        optimiser.zero_grad()
        F.cross_entropy(head(learned[j]), labels[j]).backward()
        optimiser.step()
    with torch.no_grad():
        return float((head.eval()(asked).argmax(1).numpy() == answers).mean())


def episode(by_class, ways, shots, seed):
    """(logistic regression's, nearest neighbours') accuracy on 20 further pictures of each of `ways` classes."""
    rng = random.Random(seed)
    learned, asked, labels, answers = [], [], [], []
    for i, label in enumerate(rng.sample(sorted(by_class), ways)):
        order = list(range(len(by_class[label])))
        rng.shuffle(order)
        learned.append(by_class[label][order[:shots]])
        asked.append(by_class[label][order[shots:shots + 20]])
        labels += [i] * shots
        answers += [i] * len(asked[-1])
    learned, asked, labels, answers = np.concatenate(learned), np.concatenate(asked), np.array(labels), np.array(answers)
    a, b = standardised(learned, asked)
    regression = LogisticRegression(C=.01, max_iter=200).fit(a, labels).predict(b) == answers
    a, b = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in (learned, asked)]
    neighbours = [np.bincount(labels[np.argsort(-row)[:5]], minlength=ways).argmax() for row in b @ a.T] == answers
    return regression.mean(), neighbours.mean()


def leave_one_out(values, labels):
    """Logistic regression's accuracy on each picture, learned from all others."""
    right = 0
    for i in range(len(labels)):
        rest = np.arange(len(labels)) != i
        a, b = standardised(values[rest], values[i:i + 1])
        right += LogisticRegression(C=.01, max_iter=200).fit(a, labels[rest]).predict(b)[0] == labels[i]
    return right / len(labels)


class Tail(nn.Module):
    """The last four blocks, Conv_1 and a head, on activations kept from before them."""

    def __init__(self, model, middle):
        super().__init__()
        self.model = copy.deepcopy(model).requires_grad_(True)
        self.hidden, self.output = nn.Linear(network.FEATURES, 100), nn.Linear(100, 4)
        with torch.no_grad():
            pooled = torch.cat([self.pooled(part.float()) for part in middle.split(64)])
        self.mean, self.deviation = pooled.mean(0), pooled.std(0).clamp(min=.05 * float(pooled.std(0).mean()))

    def pooled(self, x):
        x = x.contiguous(memory_format=torch.channels_last)
        for i in range(CUT, len(self.model.steps)):
            x = self.model.step(i, x)
        return x.mean((2, 3))

    def forward(self, x):
        x = F.dropout((self.pooled(x) - self.mean) / self.deviation, .3, self.training)
        return self.output(F.dropout(F.relu(self.hidden(x)), .5, self.training))


def tuned_accuracy(model, kept, labels, learned, asked, seed, epochs=30):
    """AdamW 1e-3, cosine, label smoothing 0.05; `kept` (1 + copies, n, C, H, W) float16."""
    torch.manual_seed(seed)
    rng = np.random.RandomState(seed)
    tail = Tail(model, kept[0, learned])
    head = list(tail.hidden.parameters()) + list(tail.output.parameters())
    body = list(tail.model.parameters())
    optimiser = torch.optim.AdamW([{'params': head}, {'params': body}], 1e-3, weight_decay=.05)
    steps = epochs * len(learned) // 32
    for step in range(steps):
        rate = 1e-3 * min(1, step / 50) * .5 * (1 + np.cos(np.pi * step / steps))
        optimiser.param_groups[0]['lr'], optimiser.param_groups[1]['lr'] = rate, rate * (step > 100)
        j, k = rng.choice(learned, 32), rng.randint(0, len(kept), 32)
        optimiser.zero_grad()
        F.cross_entropy(tail.train()(kept[k, j].float()), labels[j], label_smoothing=.05).backward()
        optimiser.step()
    tail.eval()
    with torch.no_grad():
        answers = torch.cat([tail(part.float()) for part in kept[0, asked].split(64)]).argmax(1)
    return float((answers == labels[asked]).float().mean())


def tuned_rows(model, squares, labels, sessions, copies=3):
    pool = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2)
    generator = torch.Generator().manual_seed(5)
    kept = []
    with torch.no_grad():
        for copy_number in range(copies + 1):
            rows = []
            for part in pool.split(64):
                x = part.float() / 127.5 - 1
                if copy_number:
                    x = alter(part, generator)
                x = x.contiguous(memory_format=torch.channels_last)
                for i in range(CUT):
                    x = model.step(i, x)
                rows.append(x.half())
            kept.append(torch.cat(rows))
    kept, labels = torch.stack(kept), torch.tensor(labels)
    return np.mean([[tuned_accuracy(model, kept, labels, np.flatnonzero(sessions != s), np.flatnonzero(sessions == s), seed) for seed in range(3)]
                    for s in SESSIONS], 1)


def alter(part, generator):
    """Mirror, ±20°, zoom 1 to 1.25, shift 8 %, brightness and contrast ±40 %."""
    n = len(part)

    def uniform(low, high, *shape):
        return torch.empty(n, *shape).uniform_(low, high, generator=generator)

    angle, zoom = uniform(-.35, .35), 1 / uniform(1, 1.25)
    mirror = (uniform(0, 1) < .5).float() * 2 - 1
    affine = torch.zeros(n, 2, 3)
    affine[:, 0, 0], affine[:, 0, 1], affine[:, 0, 2] = torch.cos(angle) * zoom * mirror, -torch.sin(angle) * zoom, uniform(-.16, .16)
    affine[:, 1, 0], affine[:, 1, 1], affine[:, 1, 2] = torch.sin(angle) * zoom * mirror, torch.cos(angle) * zoom, uniform(-.16, .16)
    x = F.grid_sample(part.float() / 255, F.affine_grid(affine, part.shape, align_corners=False), padding_mode='border', align_corners=False)
    x = (x * uniform(.6, 1.4, 1, 1, 1)).clamp(0, 1)
    mean = x.mean((1, 2, 3), keepdim=True)
    return ((x - mean) * uniform(.6, 1.4, 1, 1, 1) + mean).clamp(0, 1) * 2 - 1


def load(name):
    if name != 'random':
        return network.load_backbone(name)
    torch.manual_seed(1)
    learner = network.MobileNetV2(network.LearnerConv).train()
    for module in learner.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # the plain mean over all batches
    with torch.no_grad():
        for _ in range(4):
            learner(torch.rand(32, 3, 96, 96) * 2 - 1)
    return network.fold(learner.eval()).eval().requires_grad_(False)


def print_table(data, teacher, names, tuned):
    warnings.filterwarnings('ignore')
    files = sorted(glob.glob(f'{data}/fingers/[0-3]/*'))
    labels = np.array([int(file.split('/')[-2]) for file in files])
    sessions = np.array([int(os.path.basename(file)[:2]) for file in files])
    trees = sorted(glob.glob(f'{data}/hemlock_cherry/*/*.jpg'))
    photos = [file for file in sorted(glob.glob(f'{data}/photos/*')) if file.lower().endswith(('jpg', 'jpeg', 'png'))]
    aside = {label: group for label, group in pictures.labelled(f'{data}/open/caltech101').items() if pictures.is_set_aside(label)}
    hands = pictures.labelled(f'{data}/open/hands_rps')
    squares = {file: square for group in (files, trees, photos, *aside.values(), *hands.values()) for file, square in zip(group, read_squares(group))}

    def all_features(model):
        order = list(squares)
        return dict(zip(order, features(model, [squares[file] for file in order])))

    def of(values, group):
        return np.stack([values[file] for file in group])

    official = all_features(load(teacher))
    for name in names:
        model = load(name)
        values = all_features(model)
        cosines = [float((of(values, g) * of(official, g)).sum(1).dot(1 / np.linalg.norm(of(values, g), axis=1) / np.linalg.norm(of(official, g), axis=1)) / len(g))
                   for g in (files, trees + photos)]
        print(f'{name}\n  cosine of features: fingers {cosines[0]:.3f}; hemlock, cherry and photos {cosines[1]:.3f}', flush=True)
        x = of(values, files)
        accuracies = []
        for seed in range(3):
            order = np.random.RandomState(seed).permutation(len(files))
            asked, learned = order[:len(files) // 5], order[len(files) // 5:]
            accuracies.append(head_accuracy(x[learned], labels[learned], x[asked], labels[asked], seed))
        print(f'  fingers, random 80/20, 3 seeds: {np.mean(accuracies):.4f}', flush=True)
        by_session = np.mean([[head_accuracy(x[sessions != s], labels[sessions != s], x[sessions == s], labels[sessions == s], seed) for seed in range(2)]
                              for s in SESSIONS], 1)
        print(f'  fingers, sessions held out, 3 × 2 seeds: {by_session.mean():.3f} ({", ".join(f"{v:.3f}" for v in by_session)})', flush=True)
        if tuned:
            by_session = tuned_rows(model, [squares[file] for file in files], labels, sessions)
            print(f'  the same with the last four blocks tuned, 3 seeds: {by_session.mean():.3f} ({", ".join(f"{v:.3f}" for v in by_session)})', flush=True)
        groups = [{label: of(values, group) for label, group in classes.items()} for classes in (aside, hands)]
        for title, group, ways, shots, episodes in (('set-aside classes, 5-way 5-shot', 0, 5, 5, 100), ('set-aside classes, 5-way 20-shot', 0, 5, 20, 100),
                                                    (f'all {len(aside)} set-aside classes, 20-shot', 0, len(aside), 20, 10),
                                                    ('hands_rps, 3 × 20', 1, 3, 20, 40), ('hands_rps, 3 × 100', 1, 3, 100, 10)):
            rows = np.mean([episode(groups[group], ways, shots, seed) for seed in range(episodes)], 0)
            print(f'  {title}: logistic regression {rows[0]:.3f}; kNN {rows[1]:.3f}', flush=True)
        kinds = np.array([os.path.basename(os.path.dirname(file)) for file in trees])
        print(f'  hemlock and cherry, leave one out: {leave_one_out(of(values, trees), kinds):.2f}', flush=True)
