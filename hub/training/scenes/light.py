"""What shines on a scene: the sun, the sky, lamps; and what that makes of paint."""
from dataclasses import dataclass, replace

import cv2
import numpy as np

DAY, OVERCAST, DUSK, NIGHT, INFRARED = 'day', 'overcast', 'dusk', 'night', 'infrared'
# Photographs of cars are taken by day; gates work at night too.
SHARES = {DAY: .44, OVERCAST: .34, DUSK: .07, NIGHT: .08, INFRARED: .07}


@dataclass(frozen=True)
class Light:
    """`sun` points to it; `direct` and `ambient` are what a surface gets of each; colours are RGB 0..255."""
    kind: str
    sun: np.ndarray
    direct: float
    ambient: float
    sky: np.ndarray
    horizon: np.ndarray
    ground: np.ndarray
    lamps: bool
    # What the whole picture is multiplied with, and what lamps add to that where they shine.
    level: np.ndarray
    snow: bool = False

    def level_of(self, normal):
        """Light on a surface, about 0..1.3."""
        n = np.asarray(normal)
        return self.ambient * (.72 + .28 * n[..., 1]) + self.direct * np.maximum(0, n @ self.sun)

    def turned(self, pose):
        """The same light in a car's own axes."""
        return replace(self, sun=pose.own(self.sun))


def make(rng, kind=None, snow=None):
    kind = kind or str(rng.choice(list(SHARES), p=list(SHARES.values())))
    snow = rng.random() < .14 if snow is None else snow
    high, round_ = np.radians(rng.uniform(12, 60)), rng.uniform(0, 2 * np.pi)
    sun = np.array([np.cos(high) * np.sin(round_), np.sin(high), np.cos(high) * np.cos(round_)])
    level, lamps = np.ones(3), False
    if kind == DAY:
        direct, ambient = rng.uniform(.4, .85), rng.uniform(.35, .6)
        blue = rng.uniform(0, 1)
        sky = np.array([235, 238, 242]) * (1 - blue) + np.array([90, 140, 215]) * blue
        horizon = sky * .4 + np.array([235, 240, 245]) * .6
    else:
        direct, ambient = rng.uniform(0, .15), rng.uniform(.75, 1.0)
        tone = rng.uniform(170, 245)
        sky, horizon = np.array([tone, tone, tone + 4]), np.array([tone, tone, tone]) * rng.uniform(.9, 1.06)
        if kind == DUSK:
            level, lamps = np.array([.62, .58, .66]) * rng.uniform(.6, 1.2), rng.random() < .6
            sky = np.array([rng.uniform(90, 200), rng.uniform(90, 150), rng.uniform(110, 190)])
            horizon = sky + (60, 40, 10)
        elif kind in (NIGHT, INFRARED):
            level = np.array([1, .95, .9]) * (rng.uniform(.1, .4) if kind == INFRARED else rng.uniform(.06, .3))
            lamps = rng.random() < .75
            sky, horizon = np.array([20., 24, 40]), np.array([50., 45, 50])
    ground = np.array([225., 228, 235]) if snow else np.array([95., 93, 90]) * rng.uniform(.7, 1.3)
    return Light(kind, sun, direct, ambient, np.clip(sky, 0, 255), np.clip(horizon, 0, 255), ground, lamps, level, snow)


def painted(albedo, points, normals, eye, light, gloss):
    """Colours of a lacquered surface (light in the same axes as the points): diffuse and what it mirrors."""
    view = eye - points
    view /= np.linalg.norm(view, axis=-1, keepdims=True)
    facing = np.clip((normals * view).sum(-1), 0, 1)
    mirror = 2 * (normals * view).sum(-1)[..., None] * normals - view
    rise = mirror[..., 1:2]
    # Houses and trees stand in the mirrored horizon, darker than the sky.
    up = 1 / (1 + np.exp(-np.clip((rise - .16) * 22, -40, 40)))
    low = 1 / (1 + np.exp(-np.clip((rise + .03) * 40, -40, 40)))
    seen = light.ground * .75 * (1 - low) + low * ((1 - up) * light.horizon * .45 + up * (light.horizon + (light.sky - light.horizon) * np.clip(rise, 0, 1)))
    share = gloss * (.10 + .75 * (1 - facing) ** 3.2)[..., None]
    flash = np.clip((mirror @ light.sun), 0, 1) ** 60 * light.direct * gloss * 330
    colour = np.asarray(albedo) * light.level_of(normals)[..., None] * (1 - share * .6) + seen * share + flash[..., None]
    return np.clip(colour, 0, 255)


def darken(frame, polygons, soft, by):
    """Multiplies the frame by 1 − `by` within polygons (pixels), their edges softened over `soft` pixels; in place."""
    h, w = frame.shape[:2]
    every = np.concatenate(polygons)
    x0, y0 = np.clip(np.floor(every.min(0) - 2 * soft).astype(int), 0, (w, h))
    x1, y1 = np.clip(np.ceil(every.max(0) + 2 * soft).astype(int), 0, (w, h))
    if x1 - x0 < 3 or y1 - y0 < 3:
        return
    step = 2 if soft > 3 else 1
    mask = np.zeros(((y1 - y0) // step + 1, (x1 - x0) // step + 1), np.uint8)
    for polygon in polygons:
        cv2.fillPoly(mask, [np.round((polygon - (x0, y0)) / step * 16).astype(np.int32)], int(255 * by), cv2.LINE_AA, 4)
    k = int(soft / step) | 1
    if k >= 3:
        mask = cv2.blur(cv2.blur(mask, (k, k)), (k, k))
    mask = cv2.resize(mask, (int(x1 - x0), int(y1 - y0)), interpolation=cv2.INTER_LINEAR)
    area = frame[y0:y1, x0:x1]
    area[:] = cv2.multiply(area, cv2.merge([cv2.bitwise_not(mask)] * 3), scale=1 / 255)


def hull(points):
    return cv2.convexHull(np.asarray(points, np.float32))[:, 0]


def cast(frame, camera, pose, shape, light):
    """The shadow of a car on the ground: dark under it, and away from the sun."""
    half, length, tall = shape.width / 2, shape.length, shape.table[:, 1].max()
    foot = np.array([[-half, 0, .1], [half, 0, .1], [half, 0, length], [-half, 0, length]])
    ground = pose.world(foot)
    px, depth = camera.project(ground)
    if depth.min() < .4:
        return
    metre = camera.focal / depth.min()
    if light.direct > .2:
        roof = pose.world(foot * (.75, 0, 1) + (0, tall, 0) + np.array([[0, 0, .9], [0, 0, .9], [0, 0, -.6], [0, 0, -.6]]))
        belt = pose.world(foot + (0, tall * .6, 0))
        fallen = np.concatenate([roof, belt])
        fallen = fallen - light.sun * (fallen[:, 1:2] / light.sun[1])
        more, d = camera.project(np.concatenate([fallen, ground]))
        if d.min() > .4:
            darken(frame, [hull(more)], .03 * metre, .35 + .35 * light.direct)
    darken(frame, [px], .3 * metre, .75)
    inner, d = camera.project(pose.world(foot * (.93, 0, .97) + (0, 0, .12)))
    darken(frame, [inner], .08 * metre, .7)
