"""Pictures to learn from: openly licensed photos, drawn ones, and what is made of them in every batch."""
import glob
import multiprocessing
import os
import sys
import zlib

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import drawn

SIDE = 176          # pixels of a picture in the pool; the photos' short side
DRAWN = 2500        # drawn pictures beside the photos, other ones in every run
# Never learned from, as tests and the table ask about them: one fifth of caltech101's classes, and hands_rps.
ASIDE_FOLDERS = ('hands_rps',)


def is_set_aside(caltech_class):
    return zlib.crc32(caltech_class.encode()) % 5 == 0


def labelled(folder):
    """{class: [files]} of a folder of data/open, from its labels.tsv."""
    classes = {}
    with open(os.path.join(folder, 'labels.tsv'), encoding='utf-8') as file:
        for line in file.read().strip().split('\n')[1:]:
            name, label = line.split('\t')[:2]
            if os.path.exists(os.path.join(folder, name)):
                classes.setdefault(label, []).append(os.path.join(folder, name))
    return classes


def photo_files(data):
    """The photos of data/distill and data/open that may be learned from, in a fixed order."""
    aside = {file for label, files in labelled(f'{data}/open/caltech101').items() if is_set_aside(label) for file in files}
    files = []
    for folder in ('distill', 'open'):
        for kind in ('jpg', 'png'):
            files += glob.glob(f'{data}/{folder}/**/*.{kind}', recursive=True)
    parts = [f'/{folder}/' for folder in ASIDE_FOLDERS]
    return sorted(file for file in files if file not in aside and not any(part in file for part in parts))


def centre_square(image, side, method=Image.BILINEAR):
    """The centred square of an RGB picture at side × side, as uint8 (side, side, 3)."""
    image = image.convert('RGB')
    width, height = image.size
    short = min(width, height)
    x, y = (width - short) // 2, (height - short) // 2
    return np.asarray(image.resize((side, side), method, box=(x, y, x + short, y + short)))


def _draw(seed_and_number):
    return drawn.draw(np.random.default_rng(seed_and_number), SIDE)


def read_pool(files, seed, limit=None):
    """(n, 3, SIDE, SIDE) uint8: the photos that can be read, then drawn pictures from `seed`; and how many could not be read."""
    files = files[:limit]
    drawn_count = DRAWN if limit is None else limit // 3
    pool = torch.empty(len(files) + drawn_count, 3, SIDE, SIDE, dtype=torch.uint8)
    count, broken = 0, 0
    for file in files:
        try:
            pixels = centre_square(Image.open(file), SIDE)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            broken += 1
            print(f'passed over: {file}: {error}', file=sys.stderr)
            continue
        pool[count] = torch.from_numpy(pixels.copy()).permute(2, 0, 1)
        count += 1
    with multiprocessing.Pool() as workers:
        for pixels in workers.imap(_draw, ((seed, i) for i in range(drawn_count)), chunksize=16):
            pool[count] = torch.from_numpy(pixels).permute(2, 0, 1)
            count += 1
    return pool[:count], broken


def batch(pool, count, side, generator):
    """(count, 3, side, side) in [-1, 1], channels last: crops of all sizes, mirrored, turned by ±20°, some mixed in pairs, light and colour changed."""
    def uniform(low, high, *shape):
        return torch.empty(count, *shape).uniform_(low, high, generator=generator)

    x = pool[torch.randint(0, len(pool), (count,), generator=generator)].float() / 255
    angle, zoom, ratio = uniform(-.35, .35), torch.exp(uniform(-1.1, .2)), torch.exp(uniform(-.25, .25))
    mirror = (uniform(0, 1) < .5).float() * 2 - 1
    cos, sin, slack = torch.cos(angle), torch.sin(angle), (1 - zoom).clamp(min=0)
    affine = torch.zeros(count, 2, 3)
    affine[:, 0, 0], affine[:, 0, 1], affine[:, 0, 2] = cos * zoom * ratio * mirror, -sin * zoom, uniform(-1, 1) * slack
    affine[:, 1, 0], affine[:, 1, 1], affine[:, 1, 2] = sin * zoom * mirror, cos * zoom / ratio, uniform(-1, 1) * slack
    x = F.grid_sample(x, F.affine_grid(affine, (count, 3, side, side), align_corners=False), padding_mode='reflection', align_corners=False)
    share = torch.where(uniform(0, 1) < .2, uniform(0, 1), torch.ones(count))[:, None, None, None]
    x = share * x + (1 - share) * x.flip(0)
    strength = (uniform(0, 1, 1, 1, 1) < .7).float()  # the others keep their light and colours
    x = x.clamp(1e-3, 1) ** torch.exp(strength * uniform(-.4, .4, 1, 1, 1))
    x = x * torch.exp(strength * uniform(-.25, .25, 3, 1, 1)) + strength * uniform(-.1, .1, 1, 1, 1)
    return (x.clamp(0, 1) * 2 - 1).contiguous(memory_format=torch.channels_last)
