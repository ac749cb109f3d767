"""Knowledge distillation: a student that starts from random numbers learns to give what the teacher gives for the same pictures.

Phase 1, `blocks`: every step of the student (Conv1, 17 blocks, Conv_1) is given the teacher's activations and fitted to the teacher's next
ones; all steps at once, none waits for another. Phase 2, `whole`: batch norm is folded, the student runs on its own activations, and the
errors of all steps' outputs and of the pooled features are learned from together.

Errors are divided by each channel's variance, so no channel counts for more than another. Each core learns from a share of the batch on a
thread of its own, with PyTorch's own threads off: nothing waits at a barrier inside of an operator, which a busy machine would make slow.
"""
import copy
import json
import math
import os
import time
from concurrent.futures import ThreadPoolExecutor

import torch

from network import LearnerConv, MobileNetV2, fold, start_from
from pictures import batch

REPLICAS = 2
# Side → pictures of one thread's share of a batch, each about as much work as the others, and how often it is taken in phase 2.
SHARES = {96: 32, 128: 18, 160: 12, 224: 6}
ODDS = {96: .35, 128: .3, 160: .15, 224: .2}
RATES = {'blocks': 4e-3, 'whole': 1e-3}
WARM_UP_STEPS = 200
COOL_DOWN = .25          # of a run, at its end, in which the learning rate falls to a twentieth
AVERAGE_DECAY = .999
WEIGHT_DECAY = 1e-4
CLIP = 4                 # a gradient longer than this many times the usual is shortened


class State:
    """All that a run goes on from. One file, replaced in one step."""

    def __init__(self, folder, seed):
        self.path = os.path.join(folder, 'state.pt')
        self.log_path = os.path.join(folder, 'log.jsonl')
        self.seed, self.phase, self.steps, self.pictures, self.cpu_seconds, self.runs = seed, 'blocks', {'blocks': 0, 'whole': 0}, 0, 0.0, 0
        torch.manual_seed(seed)
        self.student = MobileNetV2(LearnerConv)
        self.average = None
        self.variances = None
        self.generators = [torch.Generator().manual_seed(seed * 1000 + i) for i in range(REPLICAS + 1)]
        self._new_optimiser()
        if os.path.exists(self.path):
            self._load()

    def _new_optimiser(self):
        self.optimiser = torch.optim.AdamW(self.student.parameters(), RATES[self.phase], weight_decay=WEIGHT_DECAY)

    def fold(self):
        """From phase 1 to phase 2."""
        self.student, self.phase = fold(self.student), 'whole'
        self.average = copy.deepcopy(self.student).requires_grad_(False)
        self._new_optimiser()

    def start_from(self, backbone, pictures, core_hours):
        """Phase 2 from the weights that an earlier state wrote: its counts go on, the optimiser is new."""
        self.fold()
        start_from(self.student, backbone)
        self.average.load_state_dict(self.student.state_dict())
        self.pictures, self.cpu_seconds = pictures, 3600 * core_hours
        self.steps['whole'] = int(pictures / (REPLICAS * sum(SHARES[side] * odds for side, odds in ODDS.items())))

    def save(self):
        """Raises OSError where the disk is full; the state saved before stays whole."""
        part = self.path + '.part'
        try:
            torch.save({'seed': self.seed, 'phase': self.phase, 'steps': self.steps, 'pictures': self.pictures, 'cpu_seconds': self.cpu_seconds, 'runs': self.runs,
                        'student': self.student.state_dict(), 'average': self.average and self.average.state_dict(), 'variances': self.variances,
                        'optimiser': self.optimiser.state_dict(), 'generators': [g.get_state() for g in self.generators]}, part)
            with open(part, 'rb+') as file:
                os.fsync(file.fileno())
        except (OSError, RuntimeError) as error:  # PyTorch says RuntimeError of a write that failed
            if os.path.exists(part):
                os.remove(part)
            raise OSError(f'{part} cannot be written ({error}); {self.path} is whole and the next run goes on from there') from error
        os.replace(part, self.path)

    def _load(self):
        saved = torch.load(self.path)
        self.seed, self.steps, self.pictures, self.cpu_seconds, self.runs = saved['seed'], saved['steps'], saved['pictures'], saved['cpu_seconds'], saved['runs']
        if saved['phase'] == 'whole':
            self.fold()
            self.average.load_state_dict(saved['average'])
        self.student.load_state_dict(saved['student'])
        self.variances = saved['variances']
        self.optimiser.load_state_dict(saved['optimiser'])
        for generator, state in zip(self.generators, saved['generators']):
            generator.set_state(state)

    def best(self):
        """The network as one would use it now, Folded: the average of its own weights over the last steps."""
        return self.average if self.phase == 'whole' else fold(copy.deepcopy(self.student).eval())

    def log(self, entry):
        with open(self.log_path, 'a', encoding='utf-8') as file:
            file.write(json.dumps(entry) + '\n')


def teach(teacher, x):
    with torch.no_grad(), torch.autocast('cpu', dtype=torch.bfloat16):
        return [y.float() for y in teacher.activations(x)]


def blocks_losses(student, x, targets, variances):
    return [((student.step(i, x if i == 0 else targets[i - 1]) - target) ** 2 / variances[i]).mean() for i, target in enumerate(targets)]


def whole_losses(student, x, targets, variances):
    outputs = student.activations(x)
    losses = [((y - target) ** 2 / variances[i]).mean() for i, (y, target) in enumerate(zip(outputs, targets))]
    features, wanted = outputs[-1].mean((2, 3)), targets[-1].mean((2, 3))
    return losses + [((features - wanted) ** 2 / variances[-1]).mean()]


def total(phase, losses):
    return sum(losses) if phase == 'blocks' else .3 * sum(losses[:-2]) + 2 * losses[-2] + 4 * losses[-1]


def measure_variances(teacher, pool, generator):
    """Each step's channel variances and, last, the pooled features' (halfway between their own and their mean), over augmented pictures."""
    sums = None
    for _ in range(8):
        targets = teach(teacher, batch(pool, 32, 160, generator))
        values = [v + .02 * v.mean() for v in (t.var((0, 2, 3), keepdim=True) for t in targets)]
        pooled = targets[-1].mean((2, 3)).var(0)
        values.append(.5 * (pooled + pooled.mean()))
        sums = values if sums is None else [a + b for a, b in zip(sums, values)]
    return [v / 8 for v in sums]


def replicas_of(student):
    """Copies that share the student's numbers but not its statistics or gradients."""
    copies = [copy.deepcopy(student).train() for _ in range(REPLICAS)]
    for replica in copies:
        for parameter, original in zip(replica.parameters(), student.parameters()):
            parameter.data = original.data
    return copies


def keep_statistics(student, replicas):
    for name, buffer in student.named_buffers():
        if buffer.is_floating_point():
            buffer.copy_(sum(dict(r.named_buffers())[name] for r in replicas) / len(replicas))


def examine(state, teacher, pictures):
    """Explained variance of every step and cosine of the features on pictures of 224 × 224 that are not altered."""
    network, errors, cosines = state.best().eval(), [], []
    with torch.no_grad():
        for part in pictures.split(16):
            targets, outputs = teacher.activations(part), network.activations(part)
            errors.append([float(((y - t) ** 2).mean((0, 2, 3)).div(t.var((0, 2, 3)) + 1e-6).clamp(max=2).mean()) for y, t in zip(outputs, targets)])
            cosines.append(torch.cosine_similarity(outputs[-1].mean((2, 3)), targets[-1].mean((2, 3))))
    return [round(1 - float(e), 4) for e in torch.tensor(errors).mean(0)], float(torch.cat(cosines).mean())


def run(state, teacher, pool, probe, minutes, blocks_minutes, stop, say):
    """Learns for `minutes` of wall time, or until stop() is true. Phase 1 ends when it has had `blocks_minutes` of each core."""
    torch.set_num_threads(1)
    state.runs += 1
    begin, run_steps, norm, said = time.monotonic(), 0, None, time.monotonic()
    cpu_before, cpu_begin = state.cpu_seconds, time.process_time()
    if state.variances is None:
        state.variances = measure_variances(teacher, pool, state.generators[-1])
    replicas = replicas_of(state.student)
    smooth, lately, lately_since = None, 0, time.monotonic()

    def work(i, side):
        x = batch(pool, SHARES[side], side, state.generators[i])
        targets = teach(teacher, x)
        losses = (blocks_losses if state.phase == 'blocks' else whole_losses)(replicas[i], x, targets, state.variances)
        gradients = torch.autograd.grad(total(state.phase, losses), list(replicas[i].parameters()))
        return gradients, torch.stack([loss.detach() for loss in losses])

    with ThreadPoolExecutor(REPLICAS) as pool_of_threads:
        while not stop():
            spent = (time.monotonic() - begin) / (60 * minutes)
            if spent >= 1:
                break
            state.cpu_seconds = cpu_before + time.process_time() - cpu_begin
            if state.phase == 'blocks' and state.cpu_seconds > blocks_minutes * 60 * REPLICAS:
                keep_statistics(state.student, replicas)
                state.fold()
                replicas, smooth, norm, run_steps = replicas_of(state.student), None, None, 0
                say('all blocks learn together from here on')
            step = state.steps[state.phase]
            if state.phase == 'blocks':
                side = (96, 128)[step % 2]
                fraction = min(1, state.cpu_seconds / (blocks_minutes * 60 * REPLICAS))
                rate = RATES['blocks'] * .5 * (1 + math.cos(math.pi * fraction)) + 1e-5
            else:
                pick = float(torch.rand((), generator=state.generators[-1]))
                side = next(s for s in SHARES if (pick := pick - ODDS[s]) < 0 or s == 224)
                rate = RATES['whole'] * min(1, max(.05, (1 - spent) / COOL_DOWN))
            for group in state.optimiser.param_groups:
                group['lr'] = rate * min(1, (run_steps + 1) / WARM_UP_STEPS)
            results = list(pool_of_threads.map(lambda i: work(i, side), range(REPLICAS)))
            gradients = [sum(parts) / REPLICAS for parts in zip(*(r[0] for r in results))]
            length = float(torch.sqrt(sum((g ** 2).sum() for g in gradients)))
            norm = length if norm is None else min(norm * 1.01, .98 * norm + .02 * length) if length > norm else .98 * norm + .02 * length
            shorten = min(1, CLIP * norm / (length + 1e-12)) if math.isfinite(length) else 0
            for parameter, gradient in zip(state.student.parameters(), gradients):
                parameter.grad = gradient * shorten if shorten else torch.zeros_like(gradient)
            state.optimiser.step()
            if state.average is not None:
                decay = min(AVERAGE_DECAY, (step + 1) / (step + 10))
                with torch.no_grad():
                    for a, b in zip(state.average.parameters(), state.student.parameters()):
                        a.lerp_(b, 1 - decay)
            run_steps += 1
            state.steps[state.phase] += 1
            state.pictures += REPLICAS * SHARES[side]
            lately += REPLICAS * SHARES[side]
            losses = sum(r[1] for r in results) / REPLICAS
            smooth = losses if smooth is None else .98 * smooth + .02 * losses
            if time.monotonic() - said > 120:
                said = time.monotonic()
                keep_statistics(state.student, replicas)
                explained, cosine = examine(state, teacher, probe)
                say(f'{state.phase} {(said - begin) / 60:.0f} of {minutes:g} min, {lately / (said - lately_since):.0f} pictures/s, gradient {norm:.2f}, '
                    f'cosine {cosine:.4f}, explained {" ".join(f"{e:.3f}" for e in explained)}; learning {" ".join(f"{1 - float(v):.2f}" for v in smooth)}')
                lately, lately_since = 0, said
                state.log({'phase': state.phase, 'hours': round(state.cpu_seconds / 3600, 3), 'pictures': state.pictures, 'cosine': round(cosine, 5), 'explained': explained})
                state.save()
    keep_statistics(state.student, replicas)
    state.save()
