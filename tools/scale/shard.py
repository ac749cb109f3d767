#!/usr/bin/env python3
"""Does one shard of a plan that tools/scale/scale.py has made, if it is not done yet:

  python3 shard.py FOLDER NUMBER

A plain program, so that Dask, Ray, Spark or a queue of jobs may start it, on any machine that sees FOLDER, the pictures and the native
handful under the same paths. Two at a time for the same shard do no harm: they make the same bytes, and the last one's stay.

It prints one line of JSON: shard, pictures, rows, refused (the first sentences). Exit status: 0 done; 1 a sentence on stderr says what
stands in the way, and would again; 3 the program was ended from outside, another try may do.
"""
import json
import os
import socket
import sys

import parts
from parts import Ended, Refused

SAID_AT_ONCE = 20  # sentences of refused pictures in the answer; all are in the part


def read_shard(folder, plan, number):
    """Names and labels (indices of plan['classes'], or None where there are none)."""
    path = parts.shard_path(folder, number)
    if not os.path.exists(path):
        raise Refused(f'{path} is not there')
    if parts.sha256_of(path) != plan['shards'][number]['sha256']:
        raise Refused(f'{path} was changed since it was planned: take another folder for the results')
    with open(path, 'rb') as file:
        lines = [line.rsplit(b'\t', 1) for line in file.read().split(b'\n')[:-1]]
    return [name for name, _ in lines], [int(label) if label else None for _, label in lines]


def rows_of(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith('{')]


def make_features(plan, files, pictures, out):
    """Writes the .npy file. Returns a row a picture: file, and error or warning where there is one."""
    tools = plan['with']
    arguments = ['features', '--json', '--files', files, '--out', out, *(['--backbone', tools['backbone']] if tools['backbone'] else [])]
    _, text, errors = parts.handful(tools['handful'], arguments, tools['models'])
    rows = rows_of(text)
    if not rows or 'rows' not in rows[-1]:
        raise Refused(parts.last_line(errors))
    summary = rows.pop()
    for field, what in (('handful', 'version of handful'), ('backbone_sha256', 'backbone')):
        if summary[field] != plan[field]:
            raise Refused(f'another {what} on {socket.gethostname()}: {summary[field]}, but the parts are made by {plan[field]}')
    good = sum('error' not in row for row in rows)
    if len(rows) != pictures or summary['rows'] != good:
        raise Ended(f'{len(rows)} answers and {summary["rows"]} rows came for {pictures} pictures')
    return rows


def make_answers(plan, files, pictures, out):
    """As make_features; the rows are probabilities in the order of plan['outputs']."""
    import numpy as np
    tools = plan['with']
    outputs = plan['outputs']
    version = parts.version_of(tools['handful'], tools['models'])
    if version != plan['handful']:
        raise Refused(f'another version of handful on {socket.gethostname()}: {version}, but the parts are made by {plan["handful"]}')
    arguments = ['classify', '--json', '--top', str(len(outputs)), '--model', tools['model'], '--files', files]
    _, text, errors = parts.handful(tools['handful'], [*arguments, *(['--backbone', tools['backbone']] if tools['backbone'] else [])], tools['models'])
    rows = rows_of(text)
    if len(rows) != pictures:
        raise Refused(parts.last_line(errors))
    place = {name: i for i, name in enumerate(outputs)}
    good = [row for row in rows if 'error' not in row]
    numbers = np.zeros((len(good), len(outputs)), '<f4')
    for i, row in enumerate(good):
        for answer in row['top']:
            numbers[i, place[answer['label']]] = answer['p']
    with open(out, 'wb') as file:
        np.save(file, numbers)
    return rows


MAKERS = {'features': make_features, 'classify': make_answers}


def make_part(folder, plan, number, names, labels):
    scratch = {ending: parts.scratch_path(folder, number, ending) for ending in ('txt', 'npy', 'json')}
    os.makedirs(os.path.dirname(scratch['txt']), exist_ok=True)
    root = os.fsencode(plan['with']['pictures'])
    try:
        with open(scratch['txt'], 'wb') as file:
            file.write(b''.join(os.path.join(root, name) + b'\n' for name in names))
        rows = MAKERS[plan['kind']](plan, scratch['txt'], len(names), scratch['npy'])
        good = [i for i, row in enumerate(rows) if 'error' not in row]
        shown = [name.decode('utf-8', 'replace') for name in names]
        about = {
            'format': 'handful-part', 'version': parts.VERSION, 'kind': plan['kind'], 'shard': number,
            'shard_sha256': plan['shards'][number]['sha256'], 'rows': len(good),
            'npy_sha256': parts.sha256_of(scratch['npy']), 'npy_bytes': os.path.getsize(scratch['npy']),
            **{field: plan[field] for field in ('handful', 'backbone_sha256', 'model_sha256') if field in plan},
            'names': [shown[i] for i in good],
            'labels': None if None in labels else [labels[i] for i in good],
            'refused': [{'file': shown[i], 'error': row['error']} for i, row in enumerate(rows) if 'error' in row],
            'warnings': [{'file': shown[i], 'warning': row['warning']} for i, row in enumerate(rows) if 'warning' in row],
        }
        parts.publish(scratch['npy'], parts.part_path(folder, number, 'npy'))
        parts.write_json(about, parts.part_path(folder, number, 'json'), scratch['json'])
        return about
    finally:
        for path in scratch.values():
            for left in (path, path + '.part'):
                if os.path.exists(left):
                    os.remove(left)


def do_shard(folder, number):
    plan = parts.read_json(parts.plan_path(folder))
    if plan is None:
        raise Refused(f'{socket.gethostname()} finds no plan in {folder}: it must be seen under the same path on every machine')
    if not 0 <= number < len(plan['shards']):
        raise Refused(f'there is no shard {number}: {folder} has {len(plan["shards"])}')
    about = parts.finished(folder, plan, number)
    if about is None:
        try:
            about = make_part(folder, plan, number, *read_shard(folder, plan, number))
        except OSError as error:
            raise Refused(f'{error.filename or parts.part_path(folder, number, "npy")}: {error.strerror}') from error
    return {'shard': number, 'pictures': plan['shards'][number]['pictures'], 'rows': about['rows'], 'refused': about['refused'][:SAID_AT_ONCE]}


def main(arguments):
    if len(arguments) != 2 or not arguments[1].isdigit():
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(json.dumps(do_shard(arguments[0], int(arguments[1]))))
    except (Refused, Ended) as why:
        print(f'shard {arguments[1]}: {why}', file=sys.stderr)
        return 1 if isinstance(why, Refused) else 3
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
