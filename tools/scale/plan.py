"""Pictures → shards, and what makes their parts: plan.json of a folder of results, and its manifest.json once all parts are there."""
import glob
import hashlib
import json
import os

import parts
from parts import Refused

PICTURES_A_SHARD = 4096

# What parts of one folder have in common, with what to say where it differs.
COMMON = {
    'kind': 'it holds parts of "{old}", not of "{new}"',
    'list_sha256': 'it holds parts of another list of pictures',
    'pictures_a_shard': 'it is cut into shards of {old} pictures, not {new}',
    'handful': 'its parts were made by handful {old}, but this is handful {new}',
    'backbone_sha256': 'its parts were made on the backbone {old}, but this one is {new}',
    'model_sha256': 'its parts were answered by the model file with SHA-256 {old}, but this one has {new}',
}


def list_folder(folder):
    """As `handful train` reads it: subfolders are classes, all in the order of their names' bytes, hidden ones passed over."""
    root = os.fsencode(folder)

    def entries(path, folders):
        with os.scandir(path) as found:
            return sorted(entry.name for entry in found if entry.is_dir() == folders and not entry.name.startswith(b'.'))
    pictures, classes = [], []
    for name in entries(root, True):
        files = entries(os.path.join(root, name), False)
        if files:
            pictures += [(os.path.join(name, file), len(classes)) for file in files]
            classes.append(name.decode('utf-8', 'replace'))
    return (pictures, classes) if pictures else ([(name, None) for name in entries(root, False)], [])


def list_file(path):
    """A line a picture, its label after a tab where there are labels; relative names are from the list's folder."""
    with open(path, 'rb') as file:
        lines = [line.rstrip(b'\r').split(b'\t') for line in file.read().split(b'\n') if line.strip()]
    for i, line in enumerate(lines):
        if len(line) > 2 or len(line) != len(lines[0]):
            raise Refused(f'{path}: entry {i + 1} is neither a name alone nor name, tab and label, as the first one is')
    if not lines or len(lines[0]) == 1:
        return [(line[0], None) for line in lines], []
    classes = sorted({line[1] for line in lines})
    place = {name: i for i, name in enumerate(classes)}
    return [(line[0], place[line[1]]) for line in lines], [name.decode('utf-8', 'replace') for name in classes]


def list_pictures(path):
    """The folder that names are relative to, [(name, label)], classes."""
    if not os.path.exists(path):
        raise Refused(f'{path} is not there')
    pictures, classes = list_folder(path) if os.path.isdir(path) else list_file(path)
    if not pictures:
        raise Refused(f'{path} names no pictures')
    for name, _ in pictures:
        if b'\n' in name:
            raise Refused(f'{path}: the name {os.fsdecode(name)!r} has a line break in it: rename that file')
    return os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path)), pictures, classes


def probe(options, tools):
    """What the program at hand makes features or answers with."""
    backbone = ['--backbone', tools['backbone']] if tools['backbone'] else []
    version = parts.version_of(tools['handful'], tools['models'])
    if options.kind == 'features':
        status, out, errors = parts.handful(tools['handful'], ['features', '--json', '--files', os.devnull, *backbone], tools['models'])
        if status != 0:
            raise Refused(parts.last_line(errors))
        summary = json.loads(out)
        return {field: summary[field] for field in ('handful', 'columns', 'backbone_sha256', 'backbone', 'network', 'crop_mode', 'input_range')}
    status, out, errors = parts.handful(tools['handful'], ['info', '--json', tools['model']], tools['models'])
    if status == 0:
        arguments = ['classify', '--json', '--model', tools['model'], '--files', os.devnull, *backbone]
        status, _, errors = parts.handful(tools['handful'], arguments, tools['models'])
    if status != 0:
        raise Refused(parts.last_line(errors))
    outputs = json.loads(out)['classes']
    if not outputs or len(set(outputs)) != len(outputs):
        raise Refused(f'{tools["model"]}: its classes have no names of their own: {", ".join(outputs) or "there are none"}')
    return {'handful': version, 'columns': len(outputs), 'outputs': outputs, 'model_sha256': parts.sha256_of(tools['model'])}


def make(options, tools):
    """Writes plan.json and the shards' lists, or checks that they are those of an earlier run. Returns the plan."""
    folder = options.out
    before = parts.read_json(parts.plan_path(folder))
    root, pictures, classes = list_pictures(options.pictures)
    size = options.shard or (before or {}).get('pictures_a_shard', PICTURES_A_SHARD)
    lines = [name + b'\t' + (b'' if label is None else str(label).encode()) + b'\n' for name, label in pictures]
    shards = [b''.join(lines[at:at + size]) for at in range(0, len(lines), size)]
    everything = hashlib.sha256('\n'.join(classes).encode() + b'\n\n')
    for shard in shards:
        everything.update(shard)
    plan = {
        'format': 'handful-plan', 'version': parts.VERSION, 'kind': options.kind, **probe(options, tools),
        'list_sha256': everything.hexdigest(), 'pictures': len(pictures), 'pictures_a_shard': size, 'classes': classes,
        'with': {**tools, 'pictures': root},
        'shards': [{'pictures': shard.count(b'\n'), 'sha256': hashlib.sha256(shard).hexdigest()} for shard in shards],
    }
    os.makedirs(os.path.join(folder, 'shards'), exist_ok=True)
    os.makedirs(os.path.join(folder, 'tmp'), exist_ok=True)
    if before is not None and glob.glob(os.path.join(glob.escape(folder), 'part-*.json')):
        for field, sentence in COMMON.items():
            if before.get(field) != plan.get(field):
                raise Refused(f'{folder}: {sentence.format(old=before.get(field), new=plan.get(field))}. Take another folder, or remove this one')
    for number, shard in enumerate(shards):
        path = parts.shard_path(folder, number)
        if not os.path.exists(path) or parts.sha256_of(path) != plan['shards'][number]['sha256']:
            scratch = parts.scratch_path(folder, number, 'list')
            with open(scratch, 'wb') as file:
                file.write(shard)
            parts.publish(scratch, path)
    parts.write_json(plan, parts.plan_path(folder), parts.scratch_path(folder, 0, 'plan'))
    return plan


def finish(folder, plan):
    """Writes manifest.json from what stands beside the parts, and returns it. Nothing in it depends on who made them, or when."""
    manifest = {'format': 'handful-parts', **{field: value for field, value in plan.items() if field not in ('format', 'with', 'shards')}}
    manifest.update(rows=0, refused=0, warnings=0, parts=[])
    for number, shard in enumerate(plan['shards']):
        about = parts.finished(folder, plan, number)
        if about is None or about['rows'] + len(about['refused']) != shard['pictures']:
            raise Refused(f'{parts.part_path(folder, number, "npy")} is not whole: run the same command again')
        manifest['rows'] += about['rows']
        manifest['refused'] += len(about['refused'])
        manifest['warnings'] += len(about['warnings'])
        manifest['parts'].append({'file': os.path.basename(parts.part_path(folder, number, 'npy')), 'rows': about['rows'],
                                  'refused': len(about['refused']), 'npy_sha256': about['npy_sha256']})
    parts.write_json(manifest, os.path.join(folder, 'manifest.json'), parts.scratch_path(folder, 0, 'manifest'))
    return manifest
