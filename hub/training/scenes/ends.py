"""The near end of a car: lamps, grilles, emblems, intakes, lines of the bonnet or boot, and where the plate is."""
import cv2
import numpy as np

import glyphs
from . import words

CHROME, PLASTIC, BLACK = (185, 188, 192), (32, 32, 34), (12, 12, 13)


def details(p):
    if p.metre * p.canvas.scale < 12:
        return
    _bumper(p, p.rng(10))
    _creases(p, p.rng(15))
    if p.shape.end == 'front':
        _grille(p, p.rng(11))
        _intake(p, p.rng(12))
        for side in (-1, 1):
            _headlight(p, p.rng(13), side)
        _bonnet(p, p.rng(14))
    else:
        for side in (-1, 1):
            _tail_light(p, p.rng(13), side)
        _boot(p, p.rng(14))


def strip(u0, u1, t0, t1, n=9):
    """A band across the near end from u0 to u1 between stations t0 (low) and t1."""
    u = np.linspace(u0, u1, n)
    return np.concatenate([u, u[::-1]]), np.concatenate([np.full(n, t1), np.full(n, t0)])


def patch(corners):
    """Corners (u, t), top left first, clockwise, as arrays."""
    a = np.array(corners, float)
    return a[:, 0], a[:, 1]


def _bumper(p, rng):
    seam = p.car.paint * .5
    old = p.shape.kind == 'old'
    if old:
        tone = rng.choice([rng.uniform(25, 45), rng.uniform(160, 200)])
        p.fill(*strip(-1, 1, .35, 1.75), (tone,) * 3)
        p.line(np.linspace(-1, 1, 9), np.full(9, 1.05), (tone * .5,) * 3, .02)
        p.line(np.linspace(-1, 1, 9), np.full(9, 1.75), (12, 12, 13), .02)
        return
    if rng.random() < .35 or p.shape.kind == 'suv':
        p.fill(*strip(-1, 1, 0, rng.uniform(.3, .95)), PLASTIC, rng.uniform(.8, 1.6))
    if rng.random() < .3:
        p.fill(*strip(-.98, .98, *sorted(rng.uniform(.9, 1.5, 2))), PLASTIC, 1.3)
    p.line(np.linspace(-.99, .99, 11), np.full(11, rng.uniform(2.0, 2.15)), seam, .008)
    if rng.random() < .5:
        p.line(np.linspace(-.95, .95, 11), np.full(11, rng.uniform(.3, .9)), seam, .01)
    if rng.random() < .4:
        u, t = rng.choice([-1, 1]) * rng.uniform(.35, .6), rng.uniform(.7, 1.2)
        p.fill(*patch([(u - .035, t + .14), (u + .035, t + .14), (u + .035, t - .14), (u - .035, t - .14)]), p.car.paint * .85)
    for u in rng.uniform(-.85, .85, int(rng.choice([0, 0, 4]))):
        p.disc(u, rng.uniform(.9, 1.2), BLACK, .012)


def _creases(p, rng):
    """Edges that the sheet is pressed into: a light line beside a dark one, alike at both sides."""
    for _ in range(int(rng.integers(1, 6))):
        u = np.sort(rng.uniform(.05 if rng.random() < .5 else -.02, .97, 2))
        t = rng.uniform(.25, 2.9) + np.array([0, rng.normal(0, .25)])
        u, t = np.linspace(*u, 5), np.clip(np.linspace(*t, 5) + rng.normal(0, .1) * np.array([0, .7, 1, .7, 0]), .1, 2.95)
        wide, strong = rng.uniform(.005, .018), rng.uniform(.06, .35)
        for side in (-1, 1):
            p.line(side * u, t, np.clip(p.car.paint * (1 - strong), 0, 255), wide)
            p.line(side * u, t + .05, np.clip(p.car.paint * (1 + strong) + 12 * strong, 0, 255), wide * .8)


def _bars(p, rng, u0, u1, t0, t1, kind, tone, back=(14, 14, 15)):
    """A filled opening with a pattern: what a detector must not take for characters."""
    p.fill(*strip(u0, u1, t0, t1), back)
    tall = np.linalg.norm(p.shape.near(0., t1) - p.shape.near(0., t0))
    wide = (u1 - u0) * p.shape.width / 2
    if kind in ('across', 'both', 'mesh'):
        n = int(np.clip(round(tall / (rng.uniform(.02, .035) if kind == 'mesh' else rng.uniform(.03, .08))), 2, 12))
        for k in range(1, n):
            t = t0 + (t1 - t0) * k / n
            p.line(np.linspace(u0, u1, 7), np.full(7, t), tone, tall / n * rng.uniform(.25, .5))
    if kind in ('upright', 'both', 'mesh'):
        n = int(np.clip(round(wide / (rng.uniform(.025, .04) if kind == 'mesh' else rng.uniform(.04, .12))), 3, 40))
        for k in range(1, n):
            u = u0 + (u1 - u0) * k / n
            p.line([u, u], [t0, t1], tone, wide / n * rng.uniform(.2, .4))
    if kind in ('lattice', 'comb'):
        cell = rng.uniform(.03, .07)
        n = int(np.clip(wide / cell, 4, 30))
        rows = max(2, int(tall / cell))
        for k in range(n):
            for j in range(rows):
                u = u0 + (u1 - u0) * (k + .5 + (.5 if j % 2 else 0)) / (n + .5)
                t = t0 + (t1 - t0) * (j + .5) / rows
                du, dt = (u1 - u0) / n * .5, (t1 - t0) / rows * .55
                ring = [(u, t + dt), (u + du, t), (u, t - dt), (u - du, t)] if kind == 'lattice' else \
                    [(u - du * .5, t + dt), (u + du * .5, t + dt), (u + du, t), (u + du * .5, t - dt), (u - du * .5, t - dt), (u - du, t)]
                p.line(*patch(ring), tone, cell * .12, closed=True)


PATTERNS = ['across', 'across', 'across', 'upright', 'both', 'mesh', 'lattice', 'comb']


def _grille(p, rng):
    old = p.shape.kind == 'old'
    wide = rng.uniform(.55, .68) if old else rng.uniform(.3, .6)
    t0, t1 = (2.05, 2.75) if old else (rng.uniform(2.05, 2.3), rng.uniform(2.65, 2.85))
    if not old and rng.random() < .2:
        t0 = rng.uniform(1.2, 1.8)
    bright = rng.random() < .45
    tone = tuple(np.array(CHROME) * rng.uniform(.6, 1.1)) if bright else (rng.uniform(30, 70),) * 3
    if rng.random() < .12 and not old:
        p.line(np.linspace(-wide, wide, 9), np.full(9, t1 - .1), CHROME, .03)
    else:
        _bars(p, rng, -wide, wide, t0, t1, str(rng.choice(PATTERNS)), tone)
        if rng.random() < .6:
            u, t = strip(-wide, wide, t0, t1)
            p.line(u, t, CHROME if rng.random() < .7 else p.car.paint, rng.uniform(.012, .035), closed=True)
    _emblem(p, rng, 0., (t0 + t1) / 2 if rng.random() < .7 else min(t1 + .12, 2.95))


def _emblem(p, rng, u, t):
    """Something of chrome in the middle; no real maker's sign."""
    kind, r, tone = rng.integers(7), rng.uniform(.035, .065), np.array(CHROME) * rng.uniform(.8, 1.2)
    if kind == 0:
        p.disc(u, t, tone, r)
        p.disc(u, t, rng.uniform(0, 140, 3), r * .8)
        p.disc(u, t, tone, r * .25)
    elif kind == 1:
        p.canvas.line(p.ring(u, t, r * 1.35, r), p.tone(tone), .012 * p.metre, True)
        p.canvas.line(p.ring(u, t, r * .5, r * .9), p.tone(tone), .01 * p.metre, True)
    elif kind == 2:
        p.disc(u, t, rng.uniform(0, 150, 3), r * 1.6, r * .7)
        p.canvas.line(p.ring(u, t, r * 1.6, r * .7), p.tone(tone), .01 * p.metre, True)
    elif kind == 3:
        for k in range(3):
            p.canvas.line(p.ring(u + (k - 1.) * .07, t, r * .8), p.tone(tone), .009 * p.metre, True)
    elif kind == 4:
        for quad in ([(-1.4, .5), (0, 1.1), (1.4, .5), (0, -.1)], [(-1.4, -.3), (0, .0), (1.4, -.3), (0, -1.)]):
            f, right, up, _ = p.frame_at(u, t)
            p.canvas.fill(p.at([f + right * a * r + up * b * r for a, b in quad]), p.tone((200, 170, 80) if rng.random() < .5 else tone))
    elif kind == 5:
        f, right, up, _ = p.frame_at(u, t)
        for a in (90, 162, 234, 306, 18):
            d, e = np.radians([a, a + 32])
            p.canvas.fill(p.at([f, f + (right * np.cos(d) + up * np.sin(d)) * r * 1.2, f + (right * np.cos(e) + up * np.sin(e)) * r * .7]), p.tone(tone))
    else:
        label(p, rng, u, t, r, tone)


def label(p, rng, u, t, tall, ink, text=None):
    """Letters on the paint; nothing where they would be a speck."""
    if tall * p.metre * p.canvas.scale < 4:
        return
    mask = glyphs.line(words.font(rng), text or words.badge(rng), 32)
    rgba = np.empty(mask.shape + (4,), np.uint8)
    rgba[..., :3] = p.tone(ink)
    rgba[..., 3] = mask * 255
    quad = p.board(u, t, tall * mask.shape[1] / mask.shape[0], tall, np.arctan2(*p.frame_at(u, t)[2][[2, 1]]))
    if p.shown(quad):
        p.canvas.paste(rgba, quad)


def _intake(p, rng):
    if p.shape.kind == 'old' and rng.random() < .6:
        return
    wide, t0, t1 = rng.uniform(.35, .8), rng.uniform(.15, .35), rng.uniform(.6, .92)
    _bars(p, rng, -wide, wide, t0, t1, str(rng.choice(PATTERNS + ['none', 'none'])), (rng.uniform(25, 70),) * 3)
    fog = rng.random()
    if fog < .65:
        u, t = rng.uniform(.68, .8), rng.uniform(.45, .8)
        for side in (-1, 1):
            if fog < .4:
                p.fill(*patch([(side * u - .13, t + .28), (side * u + .13, t + .28), (side * u + .13, t - .28), (side * u - .13, t - .28)]), (18, 18, 19))
            p.disc(side * u, t, (150, 155, 160), .05)
            p.disc(side * u, t, (rng.uniform(120, 215),) * 3, .03)


def _headlight(p, rng, side):
    old, shape = p.shape.kind == 'old', rng.random()
    lit = p.light.lamps
    glass = np.array([rng.uniform(95, 190)] * 3) * (.95, 1, 1.03)
    if old or shape < .1:
        count = 2 if rng.random() < .5 else 1
        for k in range(count):
            u = side * (.78 - .0 * k if count == 1 else (.68, .86)[k])
            if rng.random() < .5 and old:
                p.fill(*patch([(u - .13, 2.8), (u + .13, 2.8), (u + .13, 2.0), (u - .13, 2.0)]), glass)
            p.disc(u, 2.42, CHROME, .1 if count == 1 else .08)
            p.disc(u, 2.42, glass * 1.1 if not lit else (255, 255, 250), .088 if count == 1 else .07)
            p.disc(u, 2.45, (240, 240, 240), .03)
        return
    inner, outer = rng.uniform(.52, .7), rng.uniform(.94, .99)
    low, high = rng.uniform(2.05, 2.3), rng.uniform(2.75, 3.05)
    slant, tail = rng.uniform(-.15, .35), rng.uniform(0, .35)
    ring = [(inner, high - slant), ((inner + outer) / 2, high - slant * .2), (outer, high + tail * .5), (outer, low + .25 + tail), ((inner + outer) / 2 + .03, low), (inner + .02, low + .1)]
    if side < 0:
        ring = [(-u, t) for u, t in ring][::-1]
    u, t = patch(ring)
    p.fill(u, t, glass, convex=False)
    p.line(u, t, (20, 20, 22), .01, closed=True)
    middle = (low + high - slant * .5) / 2
    dark = rng.random() < .6
    for k, v in enumerate(np.linspace(inner + .09, outer - .1, int(rng.integers(1, 4)))):
        r = rng.uniform(.05, .075)
        if dark:
            p.disc(side * v, middle, (45, 47, 50), r * 1.2)
        p.disc(side * v, middle, (255, 255, 250) if lit and k == 0 else (205, 208, 212), r)
        p.disc(side * v, middle + .03, (90, 95, 100), r * .6)
        p.disc(side * v, middle + .06, (250, 250, 250), r * .25)
    if rng.random() < .3:
        p.fill(*patch([(side * outer - .05, middle + .2), (side * outer + .05, middle + .2), (side * outer + .05, middle - .1), (side * outer - .05, middle - .1)]), (215, 120, 30))
    if rng.random() < .3:
        p.line([side * (inner + .03), side * ((inner + outer) / 2), side * (outer - .03)], [low + .14, low + .08, low + .3], (250, 250, 250), .018)


def _bonnet(p, rng):
    seam = p.car.paint * .4
    p.line(np.linspace(-.78, .78, 11), np.full(11, rng.uniform(2.88, 3.05)), seam, .007)
    edge = rng.uniform(.76, .86)
    for side in (-1, 1):
        p.line(np.full(6, side * edge), np.linspace(3.0, 3.95, 6), seam, .006)
        if rng.random() < .7:
            v = rng.uniform(.25, .6)
            for shift, tone in ((0, .85), (.012, 1.12)):
                p.line(np.linspace(side * v, side * (v + .1), 6) + shift, np.linspace(3.05, 3.95, 6), np.clip(p.car.paint * tone, 0, 255), .012)
    p.line(np.linspace(-.9, .9, 9), np.full(9, 3.98), (15, 15, 16), .035)


def _tail_light(p, rng, side):
    boxy = p.shape.kind in ('hatch', 'suv', 'van', 'bus')
    red, lit = np.array([165, 18, 22]) * rng.uniform(.65, 1.1), p.light.lamps
    if boxy and rng.random() < .6:
        inner, outer, low, high = rng.uniform(.76, .86), .985, rng.uniform(2.1, 2.6), rng.uniform(3.1, 4.6) if p.shape.kind not in ('van', 'bus') else 3.4
    else:
        inner, outer, low, high = rng.uniform(.5, .74), .985, rng.uniform(2.2, 2.5), rng.uniform(2.75, 3.0)
    ring = [(inner, high - rng.uniform(0, .2)), (outer, high), (outer, low + rng.uniform(0, .2)), (inner + .02, low)]
    if side < 0:
        ring = [(-u, t) for u, t in ring][::-1]
    u, t = patch(ring)
    p.fill(u, t, red * (1.4 if lit else 1.))
    p.line(u, t, (25, 15, 16), .01, closed=True)
    for _ in range(int(rng.integers(1, 4))):
        a, b = sorted(rng.uniform(low + .05, high - .08, 2))
        colour = [(225, 225, 225), (220, 130, 40), red * .55, (235, 60, 60)][rng.integers(4)]
        u0, u1 = sorted((side * (inner + .03), side * (outer - .04)))
        if b - a > .06:
            p.fill(*patch([(u0, b), (u1, b), (u1, a), (u0, a)]), colour)
    if rng.random() < .4:
        p.disc(side * (inner + outer) / 2, (low + high) / 2, (255, 120, 110) if lit else red * 1.3, rng.uniform(.04, .07))


def _boot(p, rng):
    seam = p.car.paint * .3
    for side in (-1, 1):
        p.line(np.full(6, side * rng.uniform(.72, .8)), np.linspace(2.1, 3.9, 6), seam, .007)
    p.line(np.linspace(-.78, .78, 9), np.full(9, 2.1), seam, .009)
    if rng.random() < .6:
        p.line(np.linspace(-.75, .75, 9), np.full(9, rng.uniform(2.85, 3.0)), np.clip(p.car.paint * 1.25, 0, 255), .02)
    if rng.random() < .5:
        t = rng.uniform(2.72, 2.85)
        p.fill(*strip(-.35, .35, t - .05, t + .05), CHROME if rng.random() < .6 else p.car.paint * .7)
    if rng.random() < .8:
        _emblem(p, rng, 0., rng.uniform(2.85, 2.95))
    ink = np.array(CHROME) * (1.1 if p.car.paint.mean() < 150 else .8)
    for side in (-1, 1):
        if rng.random() < .65:
            label(p, rng, side * rng.uniform(.42, .55), rng.uniform(2.7, 2.9), rng.uniform(.025, .05), ink)
    if rng.random() < .15:
        label(p, rng, rng.uniform(-.4, .4), rng.uniform(1.2, 1.8), rng.uniform(.04, .09), (235, 235, 235) if p.car.paint.mean() < 130 else (30, 30, 30))
    if rng.random() < .12:
        _warning(p, rng)
    for side in (-1, 1):
        if rng.random() < .7:
            u, t = side * .8, rng.uniform(.5, .9)
            p.fill(*patch([(u - .1, t + .09), (u + .1, t + .09), (u + .1, t - .09), (u - .1, t - .09)]), (150, 20, 22))
        if rng.random() < .3:
            p.disc(side * .55, .08, (90, 90, 92), .04)
            p.disc(side * .55, .08, BLACK, .028)


def _warning(p, rng):
    """A beginner's or a winter tyre's sign in the rear window."""
    u, t, r = rng.choice([-1, 1]) * rng.uniform(.4, .7), rng.uniform(4.25, 4.6), .07
    f, right, up, _ = p.frame_at(u, t)
    yellow = rng.random() < .5
    corners = [(-1, 1), (1, 1), (1, -1), (-1, -1)] if yellow else [(0, 1.1), (1.1, -.9), (-1.1, -.9)]
    p.canvas.fill(p.at([f + right * a * r + up * b * r for a, b in corners]), p.tone((240, 200, 30) if yellow else (235, 235, 235)))
    label(p, rng, u, t, r * .9, (20, 20, 22) if yellow else (190, 30, 30), '!' if yellow else 'Ш')


def plate(p):
    """The plate in its place, or the empty place; returns the plate's corners in the frame, or None."""
    rng, car = p.rng(21), p.car
    u, t, pitch, recess = place(car)
    roll = rng.normal(0, .012)
    if recess is not None:
        wide, tall = recess
        quad = p.board(u, t, wide, tall, pitch, lift=.004)
        if p.shown(quad):
            p.canvas.fill(quad, p.tone(car.paint * rng.uniform(.3, .9)))
            p.canvas.line(quad, p.tone(car.paint * .3), .01 * p.metre, True)
            if rng.random() < .5:
                p.canvas.fill(np.stack([quad[0], quad[1], quad[1] * .85 + quad[2] * .15, quad[0] * .85 + quad[3] * .15]), p.tone(BLACK))
    if car.plate is None:
        if rng.random() < .5:
            quad = p.board(u, t, .53, .125, pitch, lift=.012, roll=roll)
            if p.shown(quad):
                p.canvas.fill(quad, p.tone((30, 30, 32) if rng.random() < .6 else rng.uniform(60, 200, 3)))
                p.canvas.line(quad, p.tone((18, 18, 19)), .012 * p.metre, True)
        return None
    w, h = np.array(car.plate.mm) / 1000
    quad = p.board(u, t, w, h, pitch, lift=.02, roll=roll)
    if not p.shown(quad):
        return None
    p.canvas.paste(car.mount, _holder(quad, car), gain=min(1.15, p.shade * rng.uniform(.92, 1.08)))
    return quad


def _holder(quad, car):
    """Where the corners of the whole holder come, when the plate's come to `quad`."""
    m = cv2.getPerspectiveTransform(car.corners.astype(np.float32), quad.astype(np.float32))
    h, w = car.mount.shape[:2]
    return cv2.perspectiveTransform(np.array([[[0, 0], [w, 0], [w, h], [0, h]]], np.float32), m)[0]


def place(car):
    """Where the plate is: u, station, pitch (leaning back), and its recess's width and height in metres or None."""
    rng, s = np.random.default_rng([car.seed, 20]), car.shape
    mm = np.array(car.plate.mm if car.plate is not None else (520, 112)) / 1000
    u = rng.normal(0, .02) if rng.random() < .93 else rng.uniform(-.45, .45)
    if s.end == 'front':
        t = float(rng.choice([1., 1.15, .8, 1.5, .6], p=[.4, .25, .15, .12, .08]))
        return u, t, rng.normal(.02, .06), (mm * rng.uniform(1.04, 1.25, 2) + .02) if rng.random() < .35 else None
    if rng.random() < .7 and s.kind != 'old':
        return u, rng.uniform(2.38, 2.6), rng.normal(.08, .06), (max(mm[0], .5) * rng.uniform(1.06, 1.5), mm[1] + rng.uniform(.03, .11))
    t = rng.uniform(1., 1.5) if s.kind != 'old' else rng.choice([1.1, 2.4])
    return u, t, rng.normal(0, .05), (mm * rng.uniform(1.05, 1.3, 2)) if rng.random() < .6 else None


def taxi_sign(p):
    """A lamp on the roof with letters: yellow or white, chequered."""
    rng, s = p.rng(30), p.shape
    mask = glyphs.line(words.font(rng), str(rng.choice(['TAXI', 'ТАКСИ', 'TAXI ' + str(rng.integers(100, 999))])), 60)
    h, w = mask.shape[0] + 24, mask.shape[1] + 40
    board = np.empty((h, w, 3), np.float32)
    board[:] = (250, 205, 30) if rng.random() < .7 else (240, 240, 240)
    board[12:-12, 20:-20] += (np.array([20, 20, 20]) - board[12:-12, 20:-20]) * mask[..., None]
    tall = rng.uniform(.11, .16)
    wide = tall * w / h
    roof = s.near(0., 5.6)
    quad = p.at(roof + np.array([[-wide / 2, tall, 0], [wide / 2, tall, 0], [wide / 2, 0, 0], [-wide / 2, 0, 0]]))
    p.canvas.paste(board.astype(np.uint8), quad, gain=min(1.2, p.shade * 1.1))
