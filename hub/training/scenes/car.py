"""A car drawn into a frame: its look from a seed, the same whenever it is drawn again at another place.

Order of painting: shadow, wheels, body (shaded quads, softened), glass, and then the details of the near end.
"""
from dataclasses import dataclass

import cv2
import numpy as np

from . import ends, holder, light as lights, shape as shapes, textures
from .canvas import SHIFT, Canvas, blend

# A car narrower than this in pixels is drawn enlarged, so that its details average instead of vanishing.
FINE_WIDTH = 440
CIRCLE = np.stack([np.cos(np.arange(20) * np.pi / 10), np.sin(np.arange(20) * np.pi / 10)], 1)
PAINTS = [((236, 237, 238), .22), ((20, 21, 24), .19), ((150, 154, 158), .15), ((85, 88, 93), .13), ((30, 42, 75), .07), ((135, 25, 28), .07),
          ((60, 75, 70), .04), ((150, 135, 110), .04), ((40, 80, 60), .03), ((70, 110, 160), .04), ((215, 180, 40), .02)]


@dataclass
class Car:
    """`plate` None: it has an empty place for one. `taxi`: a sign on its roof."""
    seed: int
    shape: shapes.Shape
    paint: np.ndarray
    gloss: float
    plate: object
    mount: np.ndarray
    corners: np.ndarray
    dirt: float
    taxi: bool


def make(rng, plate=None, kind=None, end=None, paint=None, taxi=None):
    shape = shapes.make(rng, kind, end)
    colours, p = zip(*PAINTS)
    if paint is None:
        paint = np.array(colours[rng.choice(len(p), p=np.array(p) / sum(p))], float) + rng.normal(0, 9, 3) + rng.normal(0, 8)
    mount, corners = holder.mounted(rng, plate) if plate is not None else (None, None)
    return Car(int(rng.integers(1 << 40)), shape, np.clip(paint, 6, 248), float(rng.uniform(.25, 1.)), plate, mount, corners,
               float(rng.choice([0, rng.uniform(0, .7)])), rng.random() < .05 if taxi is None else taxi)


class Painter:
    """A car at its place: from its own metres to the canvas, and how light it is there."""

    def __init__(self, car, pose, camera, light, canvas):
        self.car, self.shape, self.pose, self.camera, self.canvas = car, car.shape, pose, camera, canvas
        self.light = light.turned(pose)
        self.eye = pose.own(camera.at - (pose.x, 0, pose.z))
        # From the car's own metres to pixels (times depth) at once.
        c, s, k = np.cos(pose.turn), np.sin(pose.turn), np.array([[camera.focal, 0, camera.centre[0]], [0, -camera.focal, camera.centre[1]], [0, 0, 1]]) @ camera.matrix
        self.turn = (k @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])).T
        self.shift = k @ (np.array([pose.x, 0, pose.z]) - camera.at)
        self.shade = float(self.light.level_of(np.array([0, .1, -1.]) / 1.005))
        # Pixels a metre at the near end.
        self.metre = camera.focal / max(camera.project(pose.world([0, .6, 0]))[1], .3)

    def rng(self, *what):
        return np.random.default_rng([self.car.seed, *what])

    def at(self, points):
        p = np.asarray(points) @ self.turn + self.shift
        return p[..., :2] / p[..., 2:]

    def near(self, u, t):
        return self.at(self.shape.near(u, t))

    def tone(self, colour, level=1.):
        level *= self.shade
        return tuple(min(255., max(0., float(v) * level)) for v in colour)

    def shown(self, points):
        """Whether a polygon of the near end, clockwise as seen from before it, turns its face to the camera."""
        x, y = points[:, 0], points[:, 1]
        return x[:-1] @ y[1:] + x[-1] * y[0] - y[:-1] @ x[1:] - y[-1] * x[0] > 0

    def fill(self, u, t, colour, level=1., convex=True):
        points = self.near(u, t)
        if self.shown(points):
            self.canvas.fill(points, self.tone(colour, level), convex)

    def line(self, u, t, colour, metres, closed=False, level=1.):
        self.canvas.line(self.near(u, t), self.tone(colour, level), metres * self.metre, closed)

    def frame_at(self, u, t):
        """A point of the near end and unit vectors along it: right, up, out of it."""
        p, right, left, up, down = self.shape.near(np.array([u, u + .02, u - .02, u, u]), np.array([t, t, t, min(t + .1, 6.9), t - .1]))
        right, up = right - left, up - down
        right, up = right / np.sqrt(right @ right), up / np.sqrt(up @ up)
        out = np.array([up[1] * right[2] - up[2] * right[1], up[2] * right[0] - up[0] * right[2], up[0] * right[1] - up[1] * right[0]])
        return p, right, up, out / np.sqrt(out @ out)

    def ring(self, u, t, rx, ry=None, lift=0.):
        """An ellipse on the near end, radii in metres."""
        p, right, up, out = self.frame_at(u, t)
        return self.at(p + out * lift + right * rx * CIRCLE[:, :1] - up * (ry or rx) * CIRCLE[:, 1:])

    def disc(self, u, t, colour, rx, ry=None, level=1., lift=0.):
        points = self.ring(u, t, rx, ry, lift=lift)
        if self.shown(points):
            self.canvas.fill(points, self.tone(colour, level))

    def board(self, u, t, width, height, pitch=0., lift=.01, roll=0.):
        """The corners of a flat board on the near end, in pixels, clockwise from the top left."""
        p, right, _, out = self.frame_at(u, t)
        right = right * (1, 0, 1)
        right /= np.linalg.norm(right)
        up = np.array([0, np.cos(pitch), np.sin(pitch)])
        right, up = right * np.cos(roll) + up * np.sin(roll), up * np.cos(roll) - right * np.sin(roll)
        centre = p + out * lift
        w, h = right * width / 2, up * height / 2
        return self.at(np.array([centre - w + h, centre + w + h, centre + w - h, centre - w - h]))


def draw(frame, camera, pose, car, light):
    """Draws the car; returns the plate's corners in the frame (None without) and the car's silhouette as a polygon."""
    outline = _outline(car.shape, pose, camera)
    if outline is None:
        return None, None
    lights.cast(frame, camera, pose, car.shape, light)
    (x0, y0), (x1, y1) = outline.min(0), outline.max(0)
    wide = x1 - x0
    canvas = Canvas(frame, (x0 - .12 * wide - 3, y0 - .12 * wide - 3, x1 + .12 * wide + 3, y1 + .05 * wide + 3), int(np.clip(round(FINE_WIDTH / max(wide, 20)), 1, 4)))
    if canvas.empty:
        return None, outline
    p = Painter(car, pose, camera, light, canvas)
    side = 1 if p.eye[0] > car.shape.width / 2 else -1 if p.eye[0] < -car.shape.width / 2 else 0
    _underneath(p, side)
    if car.shape.end == 'rear':
        _mirrors(p)
    _body(p, side)
    if side:
        _flank(p, side)
    _lacquer(p)
    _glass(p)
    ends.details(p)
    _grime(p)
    corners = ends.plate(p)
    if car.shape.end == 'front':
        _mirrors(p)
    if car.taxi:
        ends.taxi_sign(p)
    canvas.close()
    return corners, outline


def lamps(camera, pose, car, light, rng):
    """Lamps that are on, for the glow around them: (x, y, reach in pixels, RGB)."""
    if not light.lamps:
        return []
    shape, out = car.shape, []
    for side in (-1, 1):
        point, depth = camera.project(pose.world(shape.near(side * .76, 2.45)))
        if depth < .5:
            continue
        front = shape.end == 'front'
        facing = np.cos(pose.turn - np.arctan2(pose.x, pose.z))
        reach = camera.focal / depth * (rng.uniform(.05, .2) if front else rng.uniform(.05, .12)) * max(facing, .2)
        colour = np.array([255, 245, 225]) if front else np.array([230, 30, 30])
        out.append((point[0], point[1], reach, colour * rng.uniform(.5, 1.3)))
    return out


def _outline(shape, pose, camera):
    s = shape
    points = [s.near(u, t) for u in (-1, 1) for t in (0, 1, 2, 3, 4, 5, 6)]
    half, tall = s.width / 2, s.table[:, 1].max()
    points += [np.array([x, y, z]) for x in (-half, half) for y, z in ((0, .5), (0, s.length), (tall * .62, s.length), (tall, min(2.8, s.length)))]
    px, depth = camera.project(pose.world(np.array(points)))
    return lights.hull(px) if depth.min() > .5 else None


def _underneath(p, side):
    """The dark under the car and the wheels behind the near end."""
    s = p.shape
    half = s.width / 2
    p.canvas.fill(p.at([[-half * .92, .34, .25], [half * .92, .34, .25], [half * .9, .13, .4], [-half * .9, .13, .4]]), p.tone((14, 14, 15), .8))
    for x in (-half * .86, half * .86):
        w, z = .11, s.wheels[0] - s.wheel
        p.canvas.fill(p.at([[x - w, .5, z], [x + w, .5, z], [x + w, .0, z + .15], [x - w, .0, z + .15]]), p.tone((20, 20, 21)))


def _grid(points):
    """Centres, outward normals and quads of a grid of points (rows upwards, columns to the right as seen from outside)."""
    a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    e, f = c - a, b - d
    normals = np.stack([e[..., i] * f[..., j] - e[..., j] * f[..., i] for i, j in ((1, 2), (2, 0), (0, 1))], -1)
    normals /= np.sqrt((normals * normals).sum(-1, keepdims=True)) + 1e-9
    return (a + b + c + d) / 4, normals, np.stack([d, c, b, a], -2)


def _body(p, side):
    """All painted metal: quads shaded one by one on a layer, then softened so that no facet shows."""
    s, fine = p.shape, p.metre * p.canvas.scale > 160
    u = np.linspace(-1, 1, 19 if fine else 11)
    t = np.concatenate([np.linspace(0, 3, 19 if fine else 11), np.linspace(3, 4, 7 if fine else 4)[1:], np.linspace(4, 5, 4)[1:], np.linspace(5, 7, 5)[1:]])
    parts = []
    if side:
        q, r = np.linspace(0, 1, 13) ** 1.3, np.linspace(0, 1, 9)
        grid = s.side(side, *np.meshgrid(q, r))
        parts.append(grid if side > 0 else grid[:, ::-1])
        house = _house(s, side, *np.meshgrid(np.linspace(0, 1, 6), np.linspace(0, 1, 4)))
        parts.append(house if side > 0 else house[:, ::-1])
    parts.append(s.near(*np.meshgrid(u, t)))
    layer = np.zeros(p.canvas.image.shape[:2] + (4,), np.uint8)
    for grid in parts:
        centres, normals, quads = _grid(grid)
        centres, normals, quads = centres.reshape(-1, 3), normals.reshape(-1, 3), quads.reshape(-1, 4, 3)
        seen = ((p.eye - centres) * normals).sum(-1) > 0
        centres, normals, quads = centres[seen], normals[seen], quads[seen]
        if not len(quads):
            continue
        colours = np.full((len(quads), 4), 255.)
        colours[:, :3] = lights.painted(_albedo(p, centres), centres, normals, p.eye, p.light, p.car.gloss)
        fixed = p.canvas.fixed(p.at(quads))
        for quad, colour in zip(fixed, colours.tolist()):
            cv2.fillConvexPoly(layer, quad, colour, cv2.LINE_8, SHIFT)
    k, mask = int(p.metre * p.canvas.scale * .045) | 1, layer[..., 3]
    if k >= 3:
        soft = cv2.blur(layer, (k, k))
        layer = cv2.divide(soft, cv2.merge([soft[..., 3]] * 4), scale=255)
    blend(p.canvas.image, cv2.cvtColor(layer, cv2.COLOR_RGBA2RGB), mask)


def _lacquer(p):
    """The world in the bonnet and in the bumper."""
    rng = p.rng(4)
    for t0, t1 in ((3.02, 3.97), (.2, 2.9)):
        strength = p.car.gloss * rng.uniform(0, .34)
        quad = p.near(np.array([-.98, .98, .98, -.98]), np.array([t1, t1, t0, t0]))
        if p.shown(quad) and p.light.kind != lights.INFRARED:
            p.canvas.paste(textures.mirrored(rng), quad, gain=min(1.2, p.shade * 1.1), alpha=strength)


def _grime(p):
    """Dirt over everything that the plate is not part of."""
    if p.car.dirt:
        quad = p.near(np.array([-1, 1, 1, -1.]), np.array([2.9, 2.9, 0., 0.]))
        if p.shown(quad):
            p.canvas.paste(textures.grime(p.rng(5)), quad, gain=min(1.2, p.shade), alpha=p.car.dirt)


def _albedo(p, centres):
    """The paint, dull with dirt towards the ground."""
    paint = np.broadcast_to(p.car.paint, centres.shape).copy()
    if p.car.dirt:
        amount = np.clip(1.1 - centres[:, 1:2] / .95, 0, 1) * p.car.dirt
        paint += (np.array([120, 112, 100]) - paint) * amount
    return paint


def _house(s, side, q, r):
    """The side above the shoulder: pillars and windows."""
    foot, top, end = s.near(1., 4.), s.near(1., 5.), s.near(1., 7.)
    back = end[2] + (.5 if s.kind in ('sedan', 'old') and s.end == 'front' else .15)
    depth = foot[2] + q * (min(back, s.length - .1) - foot[2])
    low = np.stack([np.full_like(depth, s.width / 2 * .94), s.shoulder(depth) - .01, depth], -1)
    high = top + (end - top) * q[..., None]
    out = low + (high - low) * r[..., None]
    return out * (side, 1, 1)


def _flank(p, side):
    """Windows, doors, wheels of the side that is seen."""
    s, rng = p.shape, p.rng(1)
    dark = (22, 25, 28)

    def window(q0, q1, low=.1, high=.88, lean0=0., lean1=0.):
        q = np.array([q0, q1, q1 + lean1, q0 + lean0])
        p.canvas.fill(p.at(_house(s, side, q, np.array([low, low, high, high]))), p.tone(dark, rng.uniform(.6, 1.8)))
    cut, cut2 = rng.uniform(.36, .46), rng.uniform(.72, .82)
    window(.05, cut - .015, lean0=.02)
    window(cut + .015, cut2 - .01)
    window(cut2 + .01, .93, lean1=-.03)
    low, high = (0, .98)
    seam = p.car.paint * .45
    for q in (.30 + rng.uniform(-.02, .02), .52, .76):
        points = s.side(side, np.full(6, q), np.linspace(low, high, 6))
        p.canvas.line(p.at(points), p.tone(seam), .007 * p.metre)
    if rng.random() < .7:
        p.canvas.line(p.at(s.side(side, np.linspace(.05, .97, 9), rng.uniform(.45, .8))), p.tone(seam, 1.4), .012 * p.metre)
    for q in (.47, .7):
        points = s.side(side, np.array([q - .03, q, q, q - .03]), np.array([.78, .78, .745, .745])) + (side * .02, 0, 0)
        p.canvas.fill(p.at(points), p.tone(p.car.paint * .7 + 20))
    p.canvas.fill(p.at(s.side(side, np.array([0.02, 1, 1, 0.02]), np.array([0, 0, .1, .1]))), p.tone((25, 25, 26)))
    if rng.random() < (.5 if s.kind == 'van' else .1):
        # A firm's words on the doors.
        q0, q1, r0 = .3, rng.uniform(.5, .75), rng.uniform(.35, .5)
        quad = p.at(s.side(side, np.array([q0, q1, q1, q0] if side > 0 else [q1, q0, q0, q1]), np.array([r0 + .25, r0 + .25, r0, r0])) + (side * .01, 0, 0))
        p.canvas.paste(textures.board(rng), quad, gain=min(1.2, p.shade))
    x = side * (s.width / 2 + .006)
    rim = rng.uniform(60, 210)
    spokes = int(rng.choice([5, 5, 6, 7, 10]))
    for z in s.wheels:
        for r, colour in ((1.16, (10, 10, 11)), (1., (28, 28, 30)), (.68, (rim,) * 3), (.16, (rim * .7,) * 3)):
            a = np.linspace(0, 2 * np.pi, 28, endpoint=False)
            ring = np.stack([np.full_like(a, x), np.maximum(s.wheel * (1 + r * np.sin(a)), 0 if r <= 1 else .18), z + s.wheel * r * np.cos(a)], -1)
            p.canvas.fill(p.at(ring), p.tone(colour))
            if r == .68:
                for k in range(spokes):
                    b = 2 * np.pi * (k + .5) / spokes + np.array([-.22, .22, 0])
                    d = np.array([.6, .6, .2]) * s.wheel
                    p.canvas.fill(p.at(np.stack([np.full(3, x), s.wheel + d * np.sin(b), z + d * np.cos(b)], -1)), p.tone((30, 30, 32)))


def _glass(p):
    """The windscreen or rear window: what it mirrors, what is behind it."""
    s, rng = p.shape, p.rng(2)
    edge, low, high = rng.uniform(.86, .93), 4.04 if s.end == 'front' else 4.1, rng.uniform(4.88, 4.95)
    u = np.linspace(-edge, edge, 9)
    rim_u, rim_t = np.concatenate([u, u[::-1]]), np.concatenate([np.full(9, high), np.full(9, low)])
    p.fill(rim_u, rim_t, (18, 18, 20), convex=False)
    inside = .972
    bands = 9
    sky = (p.light.horizon * .5 + p.light.sky * .5) * rng.uniform(.12, .75)
    dark = np.array([24, 28, 32]) * rng.uniform(.6, 1.8)
    knee, soft = rng.uniform(.1, .9), rng.uniform(.08, .5)
    for k in range(bands):
        t0, t1 = (low + .04 + (high - low - .08) * v / bands for v in (k, k + 1.1))
        share = 1 / (1 + np.exp(-((k + .5) / bands - knee) / soft * 3))
        p.fill(np.array([-edge, edge, edge, -edge]) * inside, np.array([t1, t1, t0, t0]), dark + (sky - dark) * share * .8, 1. if p.light.kind != 'night' else .6)
    if rng.random() < .75:
        for u0 in (-.42, .42):
            p.disc(u0, low + .45 * (high - low), dark * rng.uniform(.75, 1.25), .17, .16)
            p.disc(u0, low + .70 * (high - low), dark * rng.uniform(.7, 1.25), .085, .075)
    quad = p.near(np.array([-edge, edge, edge, -edge]) * inside, np.array([high - .04, high - .04, low + .04, low + .04]))
    if p.shown(quad):
        p.canvas.paste(textures.mirrored(rng), quad, gain=min(1.2, p.shade), alpha=rng.uniform(.05, .6))
    if s.end == 'front':
        if rng.random() < .6:
            p.disc(rng.uniform(-.04, .04), high - .1, (15, 15, 16), .13, .035)
        for a, b in ((-.7, -.05), (-.05, .6)):
            p.line([a, b], [low + .02, low + rng.uniform(.05, .13)], (12, 12, 13), .022)
        if rng.random() < .15:
            p.fill(np.array([-edge, edge, edge, -edge]) * .97, np.array([high - .03, high - .03, high - .18, high - .18]), rng.uniform(0, 160, 3))
        for _ in range(int(rng.integers(0, 4))):
            u0, t0 = rng.choice([-1, 1]) * rng.uniform(.6, .8), rng.choice([high - .2, low + .2])
            p.fill(u0 + np.array([-.05, .05, .05, -.05]), t0 + np.array([.09, .09, -.09, -.09]), rng.uniform(60, 250, 3))
    else:
        if rng.random() < .5:
            p.line([0, rng.uniform(.3, .6)], [low + .06, low + .14], (12, 12, 13), .025)
        if rng.random() < .5:
            p.fill(np.array([-.12, .12, .12, -.12]), np.array([high - .02, high - .02, high - .08, high - .08]), (120, 15, 18))
        if rng.random() < .4:
            for v in np.linspace(low + .15, high - .12, 6):
                p.line([-.8, .8], [v, v], dark * 1.5, .006)
        if rng.random() < .25:
            ends.label(p, rng, rng.uniform(-.5, .5), rng.uniform(low + .25, high - .3), rng.uniform(.05, .12), (235, 235, 235))


def _mirrors(p):
    """Of a rear end they stick out far ahead, behind the body."""
    s, rng = p.shape, p.rng(3)
    front = s.end == 'front'
    foot = s.near(1., 4.)
    depth = foot[2] + .2 if front else s.length - 1.45
    colour = p.car.paint * .9 if rng.random() < .7 else np.array([25, 25, 26])
    wide, tall = rng.uniform(.085, .11), rng.uniform(.055, .07)
    for side in (-1, 1):
        centre = np.array([side * (s.width / 2 + .02), s.shoulder(depth) + .07, depth])
        for grow, c in ((1., np.asarray(colour) * .8), (.8, np.asarray(colour) if front else (60, 66, 72))):
            oval = centre + np.stack([CIRCLE[:, 0] * wide * grow, CIRCLE[:, 1] * tall * grow, 0 * CIRCLE[:, 0]], -1)
            p.canvas.fill(p.at(oval), p.tone(c))
