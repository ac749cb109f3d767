#!/usr/bin/env python3
"""Features or answers for more pictures than one process is enough for: Dask's scheduler hands shards of them to workers, here or on a
cluster, and each runs the native handful on its own.

  tools/scale/run features --pictures FOLDER|LIST.txt --out FOLDER
  tools/scale/run classify --pictures FOLDER|LIST.txt --out FOLDER --model FILE

A folder has one folder a class; a list has a line a picture, with its label after a tab where there are labels. The same command again
goes on where the last one ended. docs/SCALE.md tells more, docs/FORMATS.md what is written.
"""
import argparse
import contextlib
import fcntl
import glob
import logging
import os
import sys
import tempfile
import time

import parts
import plan as plans
from parts import Refused

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TRIES = 3  # of a shard whose program was ended from outside
SAID_AT_ONCE = 20


def say(text):
    print(text, file=sys.stderr, flush=True)


# Stands on its own: Dask carries it to workers that know nothing of this file.
def run_shard(program, folder, number):
    """On a worker: what shard.py answers, or {'error': sentence}."""
    import json as json_there
    import shutil
    import subprocess as subprocess_there
    import sys as sys_there
    with_parent = ['setpriv', '--pdeathsig', 'KILL'] if shutil.which('setpriv') else []
    done = subprocess_there.run([*with_parent, sys_there.executable, program, folder, str(number)], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return json_there.loads(done.stdout)
    sentence = (done.stderr.strip().splitlines() or [f'shard {number}: nothing was said'])[-1]
    if done.returncode == 1:
        return {'error': sentence}
    raise RuntimeError(sentence)


@contextlib.contextmanager
def cluster_client(options):
    """A client of the scheduler that is named, or of workers of this machine."""
    import dask
    from distributed import Client, LocalCluster
    if options.scheduler:
        try:
            client = Client(options.scheduler, timeout='30s')
        except (OSError, ValueError, TimeoutError) as error:
            raise Refused(f'the scheduler {options.scheduler} does not answer: {error}') from error
        with client:
            yield client
        return
    dask.config.set({'distributed.comm.timeouts.connect': '60s'})
    workers = options.workers or len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix='handful-scale-') as scratch, \
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, memory_limit=0, local_directory=scratch,
                         silence_logs=logging.CRITICAL) as cluster, Client(cluster) as client:
        yield client


class Report:
    """What is said while shards come in."""

    def __init__(self, pictures, done):
        self.pictures, self.done, self.at_start, self.began, self.said = pictures, done, done, time.time(), 0
        self.tenth = done * 10 // pictures

    def add(self, answer):
        self.done += answer['pictures']
        for refused in answer['refused']:
            self.said += 1
            if self.said <= SAID_AT_ONCE:
                say(f'{refused["file"]}: {refused["error"]}')
            elif self.said == SAID_AT_ONCE + 1:
                say('more pictures were refused: each is named beside its part')
        tenth = self.done * 10 // self.pictures
        if sys.stderr.isatty() or tenth > self.tenth:
            self.tenth = tenth
            rate = (self.done - self.at_start) / max(time.time() - self.began, 1e-9)
            say(f'{self.done:,} of {self.pictures:,} pictures, {rate:,.0f} a second')


def do_all(options, plan, numbers):
    """Runs these shards. Returns a sentence for each that could not be done."""
    from distributed import as_completed
    report = Report(plan['pictures'], plan['pictures'] - sum(plan['shards'][number]['pictures'] for number in numbers))
    failures = []
    with cluster_client(options) as client:
        futures = client.map(run_shard, [os.path.join(HERE, 'shard.py')] * len(numbers), [options.out] * len(numbers), numbers,
                             key=[f'shard-{number}-{os.getpid()}' for number in numbers], retries=TRIES - 1, pure=False)
        number_of = {future.key: number for future, number in zip(futures, numbers)}
        for future in as_completed(futures):
            if future.status == 'finished':
                answer = future.result()
            else:
                why = future.exception()
                number = number_of[future.key]
                ended = type(why).__name__ == 'KilledWorker'
                failures.append(f'shard {number}: it ended every worker that took it' if ended else str(why))
                continue
            if 'error' in answer:  # what stands in the way of one stands in the way of all
                failures.append(answer['error'])
                client.cancel(futures)
                break
            report.add(answer)
            future.release()
    return failures


@contextlib.contextmanager
def alone_in(folder):
    with open(os.path.join(folder, 'lock'), 'w', encoding='ascii') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f'{folder}: another run is at work there') from None
        yield


def work(options):
    models = os.environ.get('HANDFUL_MODELS') or os.path.join(ROOT, 'models')
    options.out = os.path.abspath(options.out)
    tools = {'handful': os.path.abspath(options.handful), 'models': os.path.abspath(models),
             'backbone': os.path.abspath(options.backbone) if options.backbone else None,
             'model': os.path.abspath(options.model) if options.model else None}
    os.makedirs(options.out, exist_ok=True)
    with alone_in(options.out):
        plan = plans.make(options, tools)
        numbers = [number for number in range(len(plan['shards'])) if parts.finished(options.out, plan, number) is None]
        say(f'{plan["pictures"]:,} pictures in {len(plan["shards"]):,} shards, of which {len(plan["shards"]) - len(numbers):,} are done')
        if options.plan:
            return 0
        failures = do_all(options, plan, numbers) if numbers else []
        for left in glob.glob(os.path.join(glob.escape(options.out), 'tmp', '*')):
            os.remove(left)
        if failures:
            for sentence in failures:
                say(sentence)
            done = sum(parts.finished(options.out, plan, number) is not None for number in range(len(plan['shards'])))
            say(f'{done:,} of {len(plan["shards"]):,} parts are finished and whole; the same command goes on from there')
            return 1
        manifest = plans.finish(options.out, plan)
    print(f'{manifest["rows"]:,} rows in {len(manifest["parts"]):,} parts, {manifest["refused"]:,} pictures refused: {options.out}/manifest.json')
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('kind', choices=('features', 'classify'))
    parser.add_argument('--pictures', required=True, metavar='FOLDER|LIST.txt')
    parser.add_argument('--out', required=True, metavar='FOLDER', help='where the parts go')
    parser.add_argument('--model', metavar='FILE', help='of classify')
    parser.add_argument('--backbone', metavar='FILE', help='else the preferred one of models/')
    parser.add_argument('--scheduler', metavar='tcp://HOST:PORT', help="a Dask scheduler's address; else workers of this machine")
    parser.add_argument('--workers', type=int, metavar='N', help='of this machine; else one a core')
    parser.add_argument('--shard', type=int, metavar='N', help=f'pictures a shard; else {plans.PICTURES_A_SHARD}')
    parser.add_argument('--handful', metavar='FILE', help='the native program',
                        default=os.path.join(ROOT, 'build', 'native-release', 'bin', 'handful'))
    parser.add_argument('--plan', action='store_true', help='only cut into shards; shard.py does one of them')
    options = parser.parse_args()
    if (options.kind == 'classify') != bool(options.model):
        parser.error('classify wants --model FILE, and features wants none')
    for name in ('workers', 'shard'):
        if getattr(options, name) is not None and not 1 <= getattr(options, name) <= 1_000_000:
            parser.error(f'--{name} is {getattr(options, name)}, outside 1 … 1000000')
    try:
        return work(options)
    except (Refused, parts.Ended) as why:
        say(str(why))
    except OSError as error:
        say(f'{error.filename or options.out}: {error.strerror}')
    except KeyboardInterrupt:
        say('stopped; the same command goes on from here')
    return 1


if __name__ == '__main__':
    sys.exit(main())
