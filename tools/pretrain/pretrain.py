#!/usr/bin/python3
"""Trains the project's own backbone: MobileNetV2 α = 0.35 from random numbers, by distillation. models/backbone-handful.md tells the story.

usage: tools/pretrain/run train   --data DATA --teacher FILE [--minutes 60] [--blocks-minutes 25] [--seed 1] [--state DIR] [--start FILE]
                               [--background]
       tools/pretrain/run write   --out FILE [--state DIR]
       tools/pretrain/run measure --data DATA --teacher FILE [--tuned] BACKBONE...

train goes on where the last run stopped, saves its state every two minutes, and may be ended at any time. DATA has the folders distill/ and
open/; FILE is a backbone as tools/fetch-backbone leaves it. State lies in $XDG_CACHE_HOME/handful/pretrain;
where there is none, --start goes on from a backbone that an earlier state wrote. write makes the model
file of the best state; measure prints the table of docs/RESULTS.md for any backbones ("random" is one).
Exit status: 0 done, 1 it failed (a sentence says why), 2 wrong usage.
"""
import argparse
import os
import signal
import sys
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest='verb', required=True)
    cache = os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache')
    train, write, measure = (verbs.add_parser(verb) for verb in ('train', 'write', 'measure'))
    for verb in (train, write):
        verb.add_argument('--state', default=os.path.join(cache, 'handful', 'pretrain'))
    for verb in (train, measure):
        verb.add_argument('--data', required=True)
        verb.add_argument('--teacher', required=True)
    train.add_argument('--minutes', type=float, default=60, help='of wall time for this run')
    train.add_argument('--blocks-minutes', type=float, default=25, help='of each core for the first phase, in all runs together')
    train.add_argument('--seed', type=int, default=1, help='of the first run; later ones go on with it')
    train.add_argument('--start', help='a backbone that write made, to go on from where there is no state')
    train.add_argument('--background', action='store_true', help='give way to everything else on the machine')
    train.add_argument('--limit', type=int, help='learn from so many photos only (to try it out)')
    write.add_argument('--out', required=True)
    measure.add_argument('--tuned', action='store_true', help='also with the last four blocks tuned (half an hour a backbone)')
    measure.add_argument('backbones', nargs='+')
    return parser.parse_args()


def say(text):
    print(f'{time.strftime("%H:%M:%S")} {text}', flush=True)


def give_way():
    """The lowest priority, also for the group that Linux puts each terminal's processes in: `nice` alone counts inside of it only."""
    if os.getpid() != os.getpgrp():
        os.setsid()
    os.nice(19)
    try:
        with open('/proc/self/autogroup', 'w', encoding='ascii') as file:
            file.write('19')
    except OSError:
        pass  # a kernel without such groups


def train(options):
    import torch
    import distil
    import network
    import pictures
    if options.background:
        give_way()
    os.makedirs(options.state, exist_ok=True)
    teacher = network.load_backbone(options.teacher)
    files = pictures.photo_files(options.data)
    if not files:
        raise ValueError(f'{options.data} has no photos in distill/ and open/')
    state = distil.State(options.state, options.seed)
    if options.start and state.runs == 0:
        _, notes = network.read_safetensors(options.start)
        state.start_from(network.load_backbone(options.start), int(notes['note.pictures_seen']), float(notes['note.core_hours']))
    say(f'run {state.runs + 1}: {len(files)} photos, {state.pictures} pictures seen so far, phase {state.phase}')
    pool, broken = pictures.read_pool(files, seed=state.seed * 1000 + state.runs, limit=options.limit)
    say(f'{len(pool)} pictures to learn from; {broken} could not be read and were passed over')
    probe = torch.nn.functional.interpolate(pool[::max(1, len(pool) // 64)][:64].float(), size=224, mode='bilinear', align_corners=False) / 127.5 - 1
    ended = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.append(True))
    distil.run(state, teacher, pool, probe.contiguous(memory_format=torch.channels_last), options.minutes, options.blocks_minutes, lambda: bool(ended), say)
    say(f'saved: {state.pictures} pictures seen, {state.cpu_seconds / 3600:.2f} core hours')


def write(options):
    import distil
    import network
    if not os.path.exists(os.path.join(options.state, 'state.pt')):
        raise ValueError(f'{options.state} has no state.pt: nothing was trained yet')
    state = distil.State(options.state, 1)
    sha256 = network.write_backbone(state.best(), options.out, {
        'title': f'Handful\'s own backbone of {time.strftime("%Y-%m-%d")}', 'input_scale': '0.007843138', 'input_offset': '-1', 'crop_mode': 'center',
        'note.pictures_seen': str(state.pictures), 'note.core_hours': f'{state.cpu_seconds / 3600:.1f}', 'note.seed': str(state.seed)})
    say(f'{options.out}: content hash {sha256}')


def measure(options):
    import measure as table
    table.print_table(options.data, options.teacher, options.backbones, options.tuned)


def main():
    options = parse()
    try:
        {'train': train, 'write': write, 'measure': measure}[options.verb](options)
    except (OSError, ValueError, KeyError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
