"""What plan, shards and parts are called in a folder of results, and how a file gets there: whole or not at all (docs/FORMATS.md)."""
import hashlib
import json
import os
import shutil
import socket
import subprocess

VERSION = 1


class Refused(Exception):
    """A sentence: what was asked for cannot be done, and would not go better a second time."""


class Ended(Exception):
    """A sentence: a program was ended from outside, so another try may do."""


def plan_path(folder):
    return os.path.join(folder, 'plan.json')


def shard_path(folder, number):
    return os.path.join(folder, 'shards', f'{number:05d}.txt')


def part_path(folder, number, ending):
    return os.path.join(folder, f'part-{number:05d}.{ending}')


def scratch_path(folder, number, ending):
    """Another for each process of each machine."""
    return os.path.join(folder, 'tmp', f'{number:05d}-{socket.gethostname()}-{os.getpid()}.{ending}')


def sha256_of(path):
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def publish(scratch, path):
    """The finished file `scratch` becomes `path`, kept by the disk before it bears that name."""
    with open(scratch, 'rb+') as file:
        os.fsync(file.fileno())
    os.replace(scratch, path)


def write_json(value, path, scratch):
    with open(scratch, 'w', encoding='utf-8') as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write('\n')
    publish(scratch, path)


def read_json(path):
    """None where there is none, or a damaged one."""
    try:
        with open(path, encoding='utf-8') as file:
            value = json.load(file)
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def finished(folder, plan, number):
    """What stands beside a part that is whole and of this plan; else None."""
    about = read_json(part_path(folder, number, 'json'))
    if about is None or about.get('shard_sha256') != plan['shards'][number]['sha256'] or about.get('version') != VERSION:
        return None
    try:
        size = os.path.getsize(part_path(folder, number, 'npy'))
    except OSError:
        return None
    return about if size == about.get('npy_bytes') else None


def call(command, models=None):
    """Runs a program that ends with this one, even if this one is killed. Returns exit status, stdout and stderr."""
    if shutil.which('setpriv'):
        command = ['setpriv', '--pdeathsig', 'KILL', *command]
    environment = dict(os.environ, HANDFUL_MODELS=models) if models else None
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, check=False)
    return done.returncode, done.stdout.decode('utf-8', 'replace'), done.stderr.decode('utf-8', 'replace')


def handful(program, arguments, models):
    """As `call`, of that program."""
    if not os.access(program, os.X_OK) or os.path.isdir(program):
        raise Refused(f'{program} is no program on {socket.gethostname()}: build it with tools/handful, or name it with --handful')
    status, out, errors = call([program, *arguments], models)
    if status < 0 or status > 2:
        raise Ended(f'{program} was ended by signal {-status}' if status < 0 else f'{program} ended with status {status}: {last_line(errors)}')
    return status, out, errors


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else 'it said nothing'


def version_of(program, models):
    status, out, errors = handful(program, ['--version'], models)
    if status != 0 or not out.startswith('handful '):
        raise Refused(f'{program} is no handful: to --version it says {last_line(out or errors)}')
    return out.split()[1]
