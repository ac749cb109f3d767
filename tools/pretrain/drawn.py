"""Pictures drawn from random numbers: noise, fractals, dead leaves, patterns, lit solids, and hand-like figures on grounds."""
import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def colour(rng, low=0, high=255):
    return rng.uniform(low, high, 3)


def noise(rng, side):
    """Cloud-like noise of three channels that share a part: spectrum 1/f^p."""
    f = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None])
    f[0, 0] = 1
    amplitude = f ** -rng.uniform(.6, 2.2)
    fields = [np.fft.irfft2(amplitude * np.exp(2j * np.pi * rng.random(amplitude.shape)), (side, side)) for _ in range(4)]
    fields = [(v - v.mean()) / (v.std() + 1e-9) for v in fields]
    shared = rng.uniform(.3, 1)
    grey = [shared * fields[3] + (1 - shared) * v for v in fields[:3]]
    return np.stack([128 + rng.uniform(15, 70) * v for v in grey], 2) + colour(rng, -60, 60)


def gradient(rng, side):
    y, x = np.mgrid[0:side, 0:side] / side - .5
    angle = rng.uniform(0, 2 * math.pi)
    t = np.clip(x * math.cos(angle) + y * math.sin(angle) + .5, 0, 1)[..., None]
    return colour(rng) * t + colour(rng) * (1 - t)


def pattern(rng, side):
    """Stripes, checks or dots, bent by slow noise."""
    y, x = np.mgrid[0:side, 0:side].astype(float)
    bend = noise(rng, side)[..., 0] * rng.uniform(0, .15)
    angle, period = rng.uniform(0, math.pi), rng.uniform(5, 40)
    u, v = (x * math.cos(angle) + y * math.sin(angle) + bend) / period, (y * math.cos(angle) - x * math.sin(angle) + bend) / period
    kind = rng.integers(3)
    if kind == 0:
        t = .5 + .5 * np.sin(2 * math.pi * u)
    elif kind == 1:
        t = (np.floor(u) + np.floor(v)) % 2
    else:
        t = ((u % 1 - .5) ** 2 + (v % 1 - .5) ** 2 < rng.uniform(.03, .2)).astype(float)
    return colour(rng) * t[..., None] + colour(rng) * (1 - t[..., None])


def ground(rng, side):
    kind = rng.integers(4)
    if kind == 0:
        return noise(rng, side)
    if kind == 1:
        return pattern(rng, side)
    return gradient(rng, side) + rng.uniform(0, .4) * (noise(rng, side) - 128)


def fractal(rng, side):
    """An iterated function system of 2 to 4 maps, its density in colours that follow the map last taken."""
    maps = int(rng.integers(2, 5))
    matrices = []
    for _ in range(maps):
        turn, stretch = rng.uniform(0, 2 * math.pi, 2), rng.uniform(.3, .85, 2)
        rotate = [np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]]) for a in turn]
        matrices.append(rotate[0] @ np.diag(stretch) @ rotate[1])
    shifts, colours = rng.uniform(-1, 1, (maps, 2)), rng.uniform(0, 255, (maps, 3))
    points, tint = rng.uniform(-1, 1, (4000, 2)), np.full((4000, 3), 128.)
    density, paint = np.zeros((side, side)), np.zeros((side, side, 3))
    for i in range(24):
        which = rng.integers(0, maps, len(points))
        points = np.einsum('nij,nj->ni', np.stack(matrices)[which], points) + shifts[which]
        tint = .5 * (tint + colours[which])
        if i < 8:
            continue
        low, high = np.percentile(points, [2, 98], axis=0)
        cell = ((points - low) / (high - low + 1e-6) * (side - 1)).astype(int)
        inside = ((cell >= 0) & (cell < side)).all(1)
        np.add.at(density, (cell[inside, 1], cell[inside, 0]), 1)
        np.add.at(paint, (cell[inside, 1], cell[inside, 0]), tint[inside])
    cover = np.clip(density, 0, 2)[..., None] / 2
    return ground(rng, side) * (1 - cover) + paint / np.maximum(density, 1)[..., None] * cover


def outline(rng, centre, size):
    """The corners of a random blob, star or polygon."""
    corners = int(rng.integers(3, 14))
    angles = np.sort(rng.uniform(0, 2 * math.pi, corners))
    radii = size * (rng.uniform(.4, 1, corners) if rng.random() < .6 else np.ones(corners))
    return [(centre[0] + r * math.cos(a), centre[1] + r * math.sin(a)) for a, r in zip(angles, radii)]


def paste(rng, picture, mask):
    """Lays a surface with light and a soft shadow over the picture where the mask is."""
    side = picture.shape[0]
    shadow = np.asarray(mask.filter(ImageFilter.GaussianBlur(rng.uniform(1, 8))), dtype=float)[..., None] / 255
    picture = picture * (1 - rng.uniform(0, .5) * np.roll(shadow, tuple(rng.integers(-6, 7, 2)), (0, 1)))
    cover = np.asarray(mask.filter(ImageFilter.GaussianBlur(rng.uniform(.3, 1))), dtype=float)[..., None] / 255
    surface = ground(rng, side) if rng.random() < .4 else gradient(rng, side)
    return picture * (1 - cover) + surface * cover


def leaves(rng, side):
    """Overlapping shapes of all sizes."""
    picture = ground(rng, side)
    for _ in range(int(rng.integers(2, 14))):
        mask = Image.new('L', (side, side))
        pen, centre, size = ImageDraw.Draw(mask), rng.uniform(0, side, 2), side * math.exp(rng.uniform(-3, -.7))
        if rng.random() < .4:
            pen.ellipse([*(centre - size * rng.uniform(.4, 1, 2)), *(centre + size * rng.uniform(.4, 1, 2))], fill=255)
        else:
            pen.polygon(outline(rng, centre, size), fill=255)
        picture = paste(rng, picture, mask)
    return picture


def solids(rng, side):
    """Balls, discs and bars lit from one side."""
    picture = ground(rng, side)
    y, x = np.mgrid[0:side, 0:side]
    light = rng.normal(size=3)
    light = np.array([*light[:2], abs(light[2]) + .5])
    light /= np.linalg.norm(light)
    for _ in range(int(rng.integers(1, 5))):
        angle, (cx, cy), (a, b) = rng.uniform(0, math.pi), rng.uniform(.15, .85, 2) * side, rng.uniform(.08, .4, 2) * side
        u = ((x - cx) * math.cos(angle) + (y - cy) * math.sin(angle)) / a
        v = ((y - cy) * math.cos(angle) - (x - cx) * math.sin(angle)) / b
        round_ = rng.random() < .6
        inside = (u * u + v * v < 1) if round_ else ((abs(u) < 1) & (abs(v) < 1))
        height = np.sqrt(np.clip(1 - (u * u + v * v if round_ else u * u), 0, 1))
        lit = np.clip(u * light[0] + (v * light[1] if round_ else 0) + height * light[2], 0, 1)
        shine = rng.uniform(0, 160) * lit ** rng.uniform(8, 40)
        surface = colour(rng) * (.25 + .75 * lit[..., None]) + shine[..., None]
        if rng.random() < .3:
            surface = surface * (.5 + pattern(rng, side) / 255)
        picture = np.where(inside[..., None], surface, picture)
    return picture


def hand(rng, side):
    """A palm with up to five raised fingers and a wrist, in skin's or any colour, before a ground."""
    scale, big = 2, side * 2
    mask = Image.new('L', (big, big))
    pen = ImageDraw.Draw(mask)
    palm, turn = rng.uniform(.11, .2) * big, rng.uniform(-.6, .6)
    centre = np.array([rng.uniform(.35, .65), rng.uniform(.5, .75)]) * big

    def at(right, up):
        return (centre[0] + right * math.cos(turn) + up * math.sin(turn), centre[1] + right * math.sin(turn) - up * math.cos(turn))

    def capsule(begin, end, width):
        pen.line([begin, end], fill=255, width=int(width))
        for px, py in (begin, end):
            pen.ellipse([px - width / 2, py - width / 2, px + width / 2, py + width / 2], fill=255)

    capsule(at(0, -palm * .3), at(0, -palm * 4), palm * rng.uniform(1.2, 1.6))
    capsule(at(0, -palm * .3), at(0, palm * .35), palm * rng.uniform(1.6, 1.9))
    raised = rng.random(5) < rng.uniform(.1, .9)
    for i in range(4):
        right, length = (i - 1.5) * palm * .42, palm * (rng.uniform(1.2, 1.7) if raised[i] else .25)
        lean = (i - 1.5) * rng.uniform(.05, .25)
        capsule(at(right, palm * .8), at(right + length * math.sin(lean), palm * .8 + length * math.cos(lean)), palm * rng.uniform(.34, .42))
    if raised[4]:
        capsule(at(palm * .7, 0), at(palm * rng.uniform(1.3, 1.7), palm * rng.uniform(.4, .9)), palm * .42)
    mask = mask.resize((side, side), Image.BILINEAR)
    if rng.random() < .5:
        mask = mask.transpose(Image.FLIP_LEFT_RIGHT)
    picture = ground(rng, side) if rng.random() < .5 else gradient(rng, side)
    cover = np.asarray(mask.filter(ImageFilter.GaussianBlur(rng.uniform(.4, 1.2))), dtype=float)[..., None] / 255
    inner = np.asarray(mask.filter(ImageFilter.GaussianBlur(rng.uniform(2, 5))), dtype=float)[..., None] / 255
    skin = np.array([rng.uniform(60, 245), 0, 0])
    skin[1:] = skin[0] * np.array([rng.uniform(.65, .9), rng.uniform(.5, .85)])
    if rng.random() < .2:
        skin = colour(rng)
    return picture * (1 - cover) + skin * (.55 + .5 * inner) * cover + (noise(rng, side) - 128) * .1 * cover


KINDS = ((noise, 1), (fractal, 2), (leaves, 4), (pattern, 1), (solids, 4), (hand, 5))


def draw(rng, side):
    """A picture of a random kind: uint8 (side, side, 3)."""
    weights = np.array([weight for _, weight in KINDS], dtype=float)
    kind = KINDS[rng.choice(len(KINDS), p=weights / weights.sum())][0]
    picture = kind(rng, side) + rng.normal(size=(side, side, 3)) * rng.uniform(0, 8)
    return np.clip(picture, 0, 255).astype(np.uint8)
