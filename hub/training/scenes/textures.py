"""Surfaces and things to stand in scenes: drawn once for each number of a pool, kept for the life of the process.

The number is the seed, so a scene is the same wherever it is rendered. RGB, or RGBA where it has an outline; uint8.
"""
import functools

import cv2
import numpy as np

import glyphs
from . import words

# So many of most kinds; all together they take some 150 MB and a few seconds.
POOL = 24


def noise(rng, h, w, cells=4, octaves=5, fall=.55):
    """Fractal noise around 0, about −1..1, float32."""
    out, amount = np.zeros((h, w), np.float32), 1.
    for k in range(octaves):
        n = cells * 2 ** k
        if n > max(h, w):
            break
        grid = rng.standard_normal((max(2, min(h, n * h // w)), max(2, min(w, n)))).astype(np.float32)
        out += cv2.resize(grid, (w, h), interpolation=cv2.INTER_LINEAR) * amount
        amount *= fall
    return out * .5


def _tinted(base, grain):
    return np.clip(np.asarray(base, np.float32) + grain[..., None], 0, 255)


class Surface:
    """A texture and its halves, for being seen from afar; `tiled` repeats it, every other one mirrored."""

    def __init__(self, image, tiles=(1, 1), mirrored=False, levels=None):
        self.levels, self.tiles, self.mirrored = levels or [image], tiles, mirrored
        h, w = self.levels[0].shape[:2]
        self.shape = (h * tiles[1], w * tiles[0]) + self.levels[0].shape[2:]

    @property
    def image(self):
        return self.levels[0]

    @functools.cached_property
    def mean(self):
        return np.array(cv2.mean(self.levels[0])[:3])

    def tiled(self, times, rise=1, mirrored=False):
        return Surface(None, (times, rise), mirrored, self.levels)

    def reduced(self, by):
        """The smallest level that still has a pixel for each of the picture's, `by` of them to one of the texture."""
        wanted = 0
        while by < .5 and min(self.levels[0].shape[:2]) >> wanted > 16:
            by, wanted = by * 2, wanted + 1
        while len(self.levels) <= wanted:
            last = self.levels[-1]
            self.levels.append(cv2.resize(last, (last.shape[1] // 2, last.shape[0] // 2), interpolation=cv2.INTER_AREA))
        image = self.levels[wanted]
        if self.mirrored:
            image = image[:, ::-1]
        if self.tiles != (1, 1):
            flipped = image[:, ::-1]
            row = np.concatenate([flipped if k % 2 else image for k in range(self.tiles[0])], 1)
            image = np.concatenate([row] * self.tiles[1], 0)
        return np.ascontiguousarray(image)


def pooled(count=POOL):
    """Makes a texture a pure function of its number, below `count`, that is evaluated once."""
    def decorated(make):
        @functools.lru_cache(None)
        def of(number):
            return Surface(np.ascontiguousarray(make(np.random.default_rng([sum(map(ord, make.__name__)), number])).astype(np.uint8)))
        return lambda rng: of(int(rng.integers(count)))
    return decorated


@pooled()
def ground(rng):
    """640 × 640 for 16 m × 16 m: asphalt, slabs, gravel."""
    n, kind = 640, rng.choice(['asphalt', 'asphalt', 'asphalt', 'slabs', 'gravel'])
    grain = noise(rng, n, n, 3, 7, .7) * 14 + rng.standard_normal((n, n)).astype(np.float32) * rng.uniform(3, 14)
    tone = rng.uniform(80, 165)
    out = _tinted((tone, tone, tone * rng.uniform(.95, 1.03)), grain * (1.8 if kind == 'gravel' else 1))
    if kind == 'slabs':
        size = int(rng.choice([20, 24, 40, 48]))
        for y in range(0, n, size):
            for x in range(0, n, size):
                out[y:y + size, x:x + size] += rng.normal(0, 5)
        out[::size] *= .7
        out[:, ::size] *= .7
    if kind == 'asphalt':
        for _ in range(int(rng.integers(0, 7))):
            walk = np.cumsum(rng.normal(0, 9, (60, 2)) + rng.normal(0, 5, 2), 0) + rng.uniform(0, n, 2)
            cv2.polylines(out, [walk.astype(np.int32)], False, (tone * .55,) * 3, int(rng.integers(1, 3)))
        for _ in range(int(rng.integers(0, 4))):
            x, y, a, b = *rng.integers(0, n, 2), *rng.integers(30, 200, 2)
            out[y:y + b, x:x + a] += rng.normal(0, 16)
    return np.clip(out, 0, 255)


@pooled()
def soil(rng):
    """The same of grass or earth."""
    base = np.array([(95, 105, 65), (110, 108, 75), (125, 108, 88), (140, 128, 108)][rng.integers(4)]) * rng.uniform(.8, 1.2)
    return _tinted(base, noise(rng, 640, 640, 3, 7, .75) * 22 + rng.standard_normal((640, 640)).astype(np.float32) * rng.uniform(4, 16))


@pooled()
def snow(rng):
    tone = rng.uniform(205, 240)
    out = _tinted((tone, tone + 3, tone + 8), noise(rng, 640, 640, 6, 6, .7) * 18)
    for _ in range(int(rng.integers(2, 7))):
        x = int(rng.uniform(0, 640))
        cv2.line(out, (x, 0), (x + int(rng.normal(0, 60)), 640), (tone * .75,) * 3, int(rng.integers(6, 16)))
    return cv2.GaussianBlur(np.clip(out, 0, 255), (0, 0), 1.2)


@pooled()
def facade(rng):
    """512 × 512 for about 12 m × 12 m: a block of flats, plaster or brick, with windows and balconies."""
    n = 512
    base = np.array([(205, 200, 188), (170, 165, 158), (190, 150, 120), (150, 90, 70), (215, 205, 160), (140, 145, 150), (200, 190, 195)][rng.integers(7)], float) + rng.normal(0, 10, 3)
    out = _tinted(base, noise(rng, n, n, 3, 6, .7) * 12)
    if rng.random() < .4:
        _bricks(rng, out, int(rng.integers(5, 9)))
    floors, columns = int(rng.integers(3, 6)), int(rng.integers(3, 8))
    fh, fw = n / floors, n / columns
    wide, tall = fw * rng.uniform(.35, .7), fh * rng.uniform(.4, .6)
    trim, panes = rng.uniform(120, 245), int(rng.choice([1, 2, 2, 3]))
    for i in range(floors):
        if rng.random() < .4:
            cv2.line(out, (0, int(i * fh)), (n, int(i * fh)), tuple(base * .7), 2)
        for j in range(columns):
            x, y = j * fw + (fw - wide) / 2, i * fh + (fh - tall) / 2
            dark = np.array([40, 48, 58]) * rng.uniform(.5, 2.4) + (rng.uniform(0, 120) if rng.random() < .2 else 0)
            cv2.rectangle(out, (int(x - 2), int(y - 2)), (int(x + wide + 2), int(y + tall + 2)), (trim,) * 3, -1)
            for k in range(panes):
                x0 = x + wide * k / panes
                cv2.rectangle(out, (int(x0 + 1), int(y + 1)), (int(x0 + wide / panes - 2), int(y + tall - 1)), tuple(dark + rng.normal(0, 6)), -1)
            if rng.random() < .25:
                c = rng.uniform(150, 230)
                cv2.rectangle(out, (int(x + 2), int(y + 2)), (int(x + wide * rng.uniform(.2, .5)), int(y + tall - 2)), (c, c * .97, c * .9), -1)
            if (j + 1) % 3 == 0 and rng.random() < .6:
                c = base * rng.uniform(.6, 1.2)
                cv2.rectangle(out, (int(x - fw * .1), int(y + tall * .55)), (int(x + wide + fw * .1), int(y + tall * 1.1)), tuple(c), -1)
    return np.clip(out, 0, 255)


def _bricks(rng, out, step):
    n = out.shape[0]
    out[::step] *= .82
    for k, y in enumerate(range(0, n, step)):
        out[y:y + step, (k % 2) * step::2 * step] *= .85
        out[y:y + step] += rng.normal(0, 4)


@pooled()
def wall(rng):
    """640 × 256 for about 10 m × 4 m: bricks, concrete with lozenges, boards, sheet metal, garage doors, railings before green."""
    h, w = 256, 640
    kind = rng.choice(['brick', 'concrete', 'boards', 'metal', 'doors', 'railing', 'plaster'])
    base = {'brick': (150, 85, 65), 'concrete': (165, 163, 158), 'boards': (125, 95, 70), 'metal': (95, 115, 105), 'doors': (120, 125, 130), 'railing': (80, 95, 60), 'plaster': (195, 185, 165)}[kind]
    out = _tinted(np.array(base) + rng.normal(0, 14, 3), noise(rng, h, w, 4, 6, .75) * 13)
    if kind == 'brick':
        step = int(rng.integers(8, 13))
        for k, y in enumerate(range(0, h, step)):
            for x in range(-(k % 2) * step, w, 2 * step + 2):
                out[y:y + step, max(x, 0):x + 2 * step] += rng.normal(0, 9)
                out[y:y + step, max(x, 0):max(x, 0) + 2] += rng.uniform(20, 60)
            out[y:y + 2] += rng.uniform(20, 50)
    elif kind == 'concrete':
        for x in range(0, w, 30):
            for y in range(20, h - 20, 30):
                ring = np.array([[x + 15, y], [x + 30, y + 15], [x + 15, y + 30], [x, y + 15]], np.int32)
                cv2.polylines(out, [ring], True, tuple(np.array(base) * .75), 2)
                cv2.line(out, (x + 15, y + 2), (x + 2, y + 15), tuple(np.array(base) * 1.15), 2)
    elif kind in ('boards', 'metal'):
        step = int(rng.integers(9, 30))
        for x in range(0, w, step):
            out[:, x:x + step] += rng.normal(0, 10 if kind == 'boards' else 2)
            out[:, x:x + 2] *= .55
            if kind == 'metal':
                out[:, x + step // 2:x + step // 2 + 2] *= 1.2
    elif kind == 'doors':
        for x in range(0, w, 160):
            c = rng.uniform(60, 200, 3)
            cv2.rectangle(out, (x + 8, 40), (x + 150, h), tuple(c), -1)
            for y in range(48, h, int(rng.integers(10, 40))):
                cv2.line(out, (x + 8, y), (x + 150, y), tuple(c * .7), 2)
            cv2.line(out, (x + 79, 40), (x + 79, h), tuple(c * .5), 2)
    elif kind == 'railing':
        out = _tinted((75, 95, 50), noise(rng, h, w, 10, 6, .8) * 45)
        tone = rng.uniform(20, 200)
        for x in range(0, w, int(rng.integers(10, 24))):
            cv2.line(out, (x, 30), (x, h), (tone,) * 3, 3)
        for y in (40, h - 30):
            cv2.line(out, (0, y), (w, y), (tone,) * 3, 5)
    for _ in range(int(rng.choice([0, 0, 1, 2]))):
        board = _board(rng)
        y, x = int(rng.integers(5, h // 2)), int(rng.integers(0, w - 60))
        board = board[:h - y, :w - x]
        out[y:y + board.shape[0], x:x + board.shape[1]] = board
    return np.clip(out, 0, 255)


def _board(rng, h=None, w=None):
    """A sign with words, RGB."""
    h, w = h or int(rng.integers(40, 150)), w or int(rng.integers(90, 360))
    ground, ink = rng.uniform(0, 255, 3), rng.uniform(0, 255, 3)
    if rng.random() < .4:
        ground = np.array([(245, 245, 245), (250, 210, 30), (30, 70, 160), (190, 30, 35), (30, 110, 60), (20, 20, 22)][rng.integers(6)], float)
    if abs(ground.mean() - ink.mean()) < 80:
        ink = np.full(3, 20.) if ground.mean() > 127 else np.full(3, 245.)
    out = np.empty((h, w, 3), np.float32)
    out[:] = ground
    if rng.random() < .5:
        cv2.rectangle(out, (2, 2), (w - 3, h - 3), tuple(ink), int(rng.integers(1, 5)))
    lines = int(rng.choice([1, 1, 2, 3]))
    path, y = words.font(rng), h * .1
    for _ in range(lines):
        tall = h * .8 / lines * rng.uniform(.5, .85)
        mask = glyphs.line(path, words.sign(rng), max(6, int(tall * .9)))
        if mask.shape[1] > w - 12:
            mask = cv2.resize(mask, (w - 12, mask.shape[0]), interpolation=cv2.INTER_AREA)
        x, y0 = (w - mask.shape[1]) // 2, int(y)
        area = out[y0:y0 + mask.shape[0], x:x + mask.shape[1]]
        area += (ink.astype(np.float32) - area) * mask[:area.shape[0], :, None]
        y += h * .8 / lines
    return out


@pooled(300)
def board(rng):
    return _board(rng)


@pooled(100)
def house_number(rng):
    """A street's name and a number, or a number alone."""
    out = np.empty((60, int(rng.integers(60, 220)), 3), np.float32)
    dark = rng.random() < .6
    out[:] = (30, 60, 140) if dark else (240, 240, 240)
    text = str(rng.integers(1, 160)) + (f' {rng.choice(["к.2", "А", "стр.1"])}' if rng.random() < .3 else '')
    mask = glyphs.line(words.font(rng), text, 38)
    mask = mask[:50, :out.shape[1] - 8]
    x, y = (out.shape[1] - mask.shape[1]) // 2, (60 - mask.shape[0]) // 2
    out[y:y + mask.shape[0], x:x + mask.shape[1]] += (np.array([245, 245, 245] if dark else [20, 20, 30], np.float32) - out[y:y + mask.shape[0], x:x + mask.shape[1]]) * mask[..., None]
    return out


@pooled()
def shop(rng):
    """640 × 320 for about 10 m × 5 m: panes, doors, things behind them, a sign above."""
    h, w = 320, 640
    out = _tinted(rng.uniform(90, 220, 3), noise(rng, h, w, 3, 5) * 8)
    x = 10
    while x < w - 60:
        pane = int(rng.integers(50, 150))
        top, low = 100, int(rng.uniform(250, 318))
        glass = _tinted(np.array([50, 58, 66]) * rng.uniform(.5, 2.6), noise(rng, low - top, pane, 3, 5) * 26)
        out[top:low, x:x + pane] = glass[:, :max(0, w - x)]
        cv2.rectangle(out, (x, top), (x + pane, low), (rng.uniform(40, 220),) * 3, 3)
        if rng.random() < .35:
            sticker = _board(rng, int(rng.integers(30, 90)), int(max(30, pane * .7)))
            y = int(rng.uniform(top, low - sticker.shape[0])) if low - sticker.shape[0] > top else top
            part = sticker[:low - y, :w - x - 6]
            out[y:y + part.shape[0], x + 5:x + 5 + part.shape[1]] = part
        x += pane + int(rng.integers(4, 50))
    sign = _board(rng, int(rng.integers(40, 80)), int(rng.integers(220, 560)))
    x = int(rng.uniform(10, w - sign.shape[1] - 5))
    out[12:12 + sign.shape[0], x:x + sign.shape[1]] = sign
    return np.clip(out, 0, 255)


@pooled()
def tree(rng):
    """384 × 320 RGBA: a crown of leaves, a fir, or bare branches."""
    h, w = 384, 320
    kind = rng.choice(['leaves', 'leaves', 'fir', 'bare', 'bush'])
    out = np.zeros((h, w, 4), np.float32)
    trunk = tuple(np.array([80, 68, 55]) * rng.uniform(.6, 1.3)) + (255,)
    if kind == 'bare':
        _branch(rng, out, w / 2, h, 90, -np.pi / 2, 9, trunk, 7)
        return out
    if kind != 'bush':
        cv2.line(out, (w // 2, h), (w // 2, h // 2), trunk, int(rng.integers(8, 18)))
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    cloud = noise(rng, h, w, 5, 7, .75)
    if kind == 'fir':
        crown = (yy / h) * w * .42 - np.abs(xx - w / 2) + cloud * 26 + 10 * np.sin(yy / rng.uniform(7, 12))
        crown[int(h * .93):] = -99
    else:
        cy, ry = (h * .42, h * .40) if kind == 'leaves' else (h * .75, h * .25)
        crown = (1 - ((xx - w / 2) / (w * .46)) ** 2 - ((yy - cy) / ry) ** 2) * 60 + cloud * 60
    fine = rng.standard_normal((h, w)).astype(np.float32)
    base = np.array([(70, 95, 45), (95, 115, 50), (50, 75, 50), (130, 110, 45), (60, 80, 40)][rng.integers(5)], float) * (.7 if kind == 'fir' else 1)
    leaf = np.clip(base + (cloud * 38 + fine * 16 - (yy / h - .4) * 40)[..., None], 4, 255)
    mask = crown + fine * 12 > 0
    out[mask, :3], out[mask, 3] = leaf[mask], 255
    return cv2.GaussianBlur(out, (0, 0), .7)


def _branch(rng, out, x, y, length, angle, depth, colour, thick):
    x1, y1 = x + length * np.cos(angle), y + length * np.sin(angle)
    cv2.line(out, (int(x), int(y)), (int(x1), int(y1)), colour, max(1, int(thick)), cv2.LINE_AA)
    if depth > 0 and length > 5:
        for _ in range(2 if rng.random() < .85 else 3):
            _branch(rng, out, x1, y1, length * rng.uniform(.68, .85), angle + rng.normal(0, .42), depth - 1, colour, thick * .68)


@pooled()
def woods(rng):
    """256 × 1024 RGBA: the edge of a wood or a line of far trees and roofs."""
    h, w = 256, 1024
    top = h * .35 + noise(rng, 1, w, 6, 7, .7)[0] * rng.uniform(20, 80)
    yy = np.arange(h, dtype=np.float32)[:, None]
    cloud = noise(rng, h, w, 24, 6, .8)
    mask = yy > top + cloud * 14
    base = np.array([(70, 88, 55), (90, 95, 70), (110, 105, 95), (60, 72, 60), (120, 105, 60)][rng.integers(5)], float)
    out = np.zeros((h, w, 4), np.float32)
    out[..., :3] = np.clip(base + (cloud * 34 + rng.standard_normal((h, w)).astype(np.float32) * 9)[..., None], 0, 255)
    out[..., 3] = mask * 255.
    for _ in range(int(rng.integers(0, 40))):
        x = int(rng.uniform(0, w))
        cv2.line(out, (x, int(h * .4)), (x + int(rng.normal(0, 6)), h), tuple(base * rng.choice([.6, 1.5])) + (255,), int(rng.integers(1, 4)))
    return out


@pooled()
def person(rng):
    """200 × 80 RGBA: somebody standing about."""
    out = np.zeros((200, 80, 4), np.float32)

    def part(points, colour):
        cv2.fillPoly(out, [np.array(points, np.int32)], tuple(colour) + (255,), cv2.LINE_AA)
    coat, legs, skin = rng.uniform(10, 220, 3), rng.uniform(15, 110, 3), np.array([205, 165, 140]) * rng.uniform(.6, 1.1)
    spread = int(rng.integers(2, 16))
    part([(30, 100), (50, 100), (48 + spread, 198), (38 + spread, 198), (40, 120), (40 - spread, 198), (30 - spread, 198)], legs)
    part([(26, 40), (54, 40), (62, 100), (54, 112), (28, 112), (20, 100)], coat)
    part([(24, 42), (30, 42), (22, 108), (14, 104)], coat * .85)
    part([(50, 42), (58, 42), (66, 104), (58, 108)], coat * .85)
    cv2.ellipse(out, (40, 26), (9, 13), 0, 0, 360, tuple(skin) + (255,), -1, cv2.LINE_AA)
    cv2.ellipse(out, (40, 18), (10, 8), 0, 180, 360, tuple(rng.uniform(10, 120, 3)) + (255,), -1, cv2.LINE_AA)
    return out


@pooled()
def mirrored(rng):
    """What lacquer and glass show of the world, 128 × 256: sky, a ragged skyline, dark ground; soft."""
    h, w = 128, 256
    line = h * rng.uniform(.35, .8) + noise(rng, 1, w, 5, 6, .7)[0] * rng.uniform(6, 30)
    out = _tinted(rng.uniform(150, 245, 3) * .3 + rng.uniform(120, 175), noise(rng, h, w, 3, 4) * 14)
    dark = _tinted((rng.uniform(20, 110),) * 3, noise(rng, h, w, 12, 5, .8) * 22)
    mask = np.arange(h)[:, None] > line
    out[mask] = dark[mask]
    for _ in range(int(rng.integers(0, 9))):
        x, y = int(rng.uniform(0, w)), int(rng.uniform(0, h))
        cv2.rectangle(out, (x, y), (x + int(rng.integers(3, 50)), h), (rng.uniform(15, 230),) * 3, -1)
    return cv2.GaussianBlur(out, (0, 0), rng.uniform(.6, 3))


@pooled()
def grime(rng):
    """Dust, drops and mud on paint, 256 × 512 RGBA."""
    h, w = 256, 512
    out = np.zeros((h, w, 4), np.float32)
    out[..., :3] = np.array([(120, 110, 98), (90, 84, 76), (150, 145, 138), (235, 238, 242)][rng.integers(4)])
    cloud = noise(rng, h, w, 5, 7, .8) + np.linspace(-.6, .5, h, dtype=np.float32)[:, None]
    out[..., 3] = np.clip(cloud * rng.uniform(50, 140), 0, 220)
    for _ in range(int(rng.choice([0, 200, 700]))):
        x, y = rng.integers(0, w), rng.integers(0, h)
        cv2.circle(out, (int(x), int(y)), int(rng.integers(0, 3)), (*(out[0, 0, :3] * rng.uniform(.5, 1.5)).tolist(), rng.uniform(60, 230)), -1)
    return out


@pooled()
def sky(rng):
    """How much cloud, 128 × 256, as RGB gray."""
    cloud = noise(rng, 128, 256, 2, 6, .6) + rng.uniform(-.4, .5)
    return np.repeat(np.clip(cloud * rng.uniform(1, 3), 0, 1)[..., None] * 255, 3, 2)


@pooled()
def dapple(rng):
    """Shadows of leaves, 256 × 256 gray (three times): 255 is light."""
    cloud = noise(rng, 256, 256, 4, 6, .75)
    return np.repeat(np.clip(.5 + cloud * 4 + rng.uniform(-.5, .8), 0, 1)[..., None] * 255, 3, 2)
