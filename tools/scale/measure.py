#!/usr/bin/env python3
"""The figures of docs/SCALE.md, on this machine:

  tools/scale/measure.py rows N…                   generated feature rows in parts, learned from: time and memory
  tools/scale/measure.py pictures N --workers W…   copies of the example's pictures → features: pictures a second
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile

import numpy as np

import parts

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
HANDFUL = os.path.join(ROOT, 'build', 'native-release', 'bin', 'handful')
MODELS = os.environ.get('HANDFUL_MODELS') or os.path.join(ROOT, 'models')
COLUMNS, CLASSES, ROWS_A_PART = 1280, 10, 4096


def generate(folder, rows):
    """Parts as scale.py writes them, of rows around a centre for each class."""
    rng = np.random.default_rng(1)
    centres = rng.random((CLASSES, COLUMNS), 'f4')
    backbone = '0' * 64
    manifest = {'format': 'handful-parts', 'version': parts.VERSION, 'kind': 'features', 'backbone_sha256': backbone, 'backbone': 'generated',
                'network': 'mobilenet_v2_backbone', 'crop_mode': 'center', 'input_range': 'pm1',
                'classes': [f'class {c}' for c in range(CLASSES)], 'refused': 0, 'parts': []}
    for number, at in enumerate(range(0, rows, ROWS_A_PART)):
        labels = rng.integers(CLASSES, size=min(ROWS_A_PART, rows - at))
        with open(parts.part_path(folder, number, 'npy'), 'wb') as file:
            np.save(file, np.maximum(0, centres[labels] + rng.standard_normal((len(labels), COLUMNS), 'f4')))
        about = {'format': 'handful-part', 'version': parts.VERSION, 'kind': 'features', 'backbone_sha256': backbone, 'npy_sha256': '',
                 'names': [f'{at + i}.png' for i in range(len(labels))], 'labels': labels.tolist()}
        with open(parts.part_path(folder, number, 'json'), 'w', encoding='ascii') as file:
            json.dump(about, file)
        manifest['parts'].append({'file': f'part-{number:05d}.npy', 'rows': len(labels), 'npy_sha256': ''})
    with open(os.path.join(folder, 'manifest.json'), 'w', encoding='ascii') as file:
        json.dump(manifest, file)


def watch(command):
    """Runs it. Returns seconds, CPU seconds, and the most MB of its own memory and of that with the pages of mapped files."""
    began, own, peak = time.time(), 0, 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            break
        try:
            with open(f'/proc/{process.pid}/status', encoding='ascii') as file:
                lines = dict(line.split(':', 1) for line in file if ':' in line)
        except OSError:
            lines = {}
        own = max(own, int(lines.get('RssAnon', '0 kB').split()[0]))
        time.sleep(.02)
    peak = usage.ru_maxrss
    if process.returncode != 0:
        sys.exit(f'{command} failed')
    return time.time() - began, usage.ru_utime + usage.ru_stime, own / 1024, peak / 1024


def measure_rows(counts, epochs):
    print('| rows | on disk, MB | seconds | of the CPU | own memory, MB | with pages of the parts, MB |\n|---|---|---|---|---|---|')
    for rows in counts:
        with tempfile.TemporaryDirectory(dir=ROOT + '/build') as folder:
            generate(folder, rows)
            command = [HANDFUL, 'train', '--features', folder, '--epochs', str(epochs), '--out', os.path.join(folder, 'm.safetensors')]
            seconds, cpu, own, peak = watch(command)
        print(f'| {rows:,} | {rows * COLUMNS * 4 / 2**20:,.0f} | {seconds:.1f} | {cpu:.1f} | {own:.0f} | {peak:.0f} |', flush=True)


def copies_of_the_example(folder, count):
    archive = os.path.join(folder, 'example.zip')
    subprocess.run([HANDFUL, 'example', '--out', archive], check=True, stdout=subprocess.DEVNULL)
    with zipfile.ZipFile(archive) as file:
        pictures = [(os.path.dirname(name).split('/')[-1], file.read(name)) for name in sorted(file.namelist()) if name.startswith('samples/')]
    for i in range(count):
        label, data = pictures[i % len(pictures)]
        os.makedirs(os.path.join(folder, 'pictures', label), exist_ok=True)
        with open(os.path.join(folder, 'pictures', label, f'{i:07d}.jpg'), 'wb') as file:
            file.write(data)
    return os.path.join(folder, 'pictures')


def measure_pictures(count, workers, shard):
    print('| workers | pictures | seconds | of the CPU | pictures a second |\n|---|---|---|---|---|')
    with tempfile.TemporaryDirectory(dir=ROOT + '/build') as folder:
        pictures = copies_of_the_example(folder, count)
        for number in workers:
            command = ['/usr/bin/python3', os.path.join(HERE, 'scale.py'), 'features', '--pictures', pictures, '--shard', str(shard),
                       '--out', os.path.join(folder, f'out-{number}'), '--workers', str(number)]
            seconds, cpu, _, _ = watch(command)
            print(f'| {number} | {count:,} | {seconds:.1f} | {cpu:.1f} | {count / seconds:.0f} |', flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=('rows', 'pictures'))
    parser.add_argument('counts', type=int, nargs='+', metavar='N')
    parser.add_argument('--workers', type=int, nargs='+', default=[1, 2])
    parser.add_argument('--epochs', type=int, default=5)
    parser.add_argument('--shard', type=int, default=256)
    options = parser.parse_args()
    os.environ['HANDFUL_MODELS'] = MODELS
    if options.what == 'rows':
        measure_rows(options.counts, options.epochs)
    else:
        measure_pictures(options.counts[0], options.workers, options.shard)


if __name__ == '__main__':
    main()
