"""A car drives up to a gate, or away from it, before a camera that stays: frame by frame."""
from dataclasses import dataclass, replace

import cv2
import numpy as np

import plates
from . import background, car, lens, light as lights, weather
from .light import DAY, INFRARED, NIGHT, OVERCAST
from .space import Camera, Pose
from .stills import PLATE

# Widths of the plate when the car is far and near, as shares of the picture's: 50 and 200 of 1280.
FAR, NEAR = .04, .16
# How low a plate may hang, metres, and how far down in the picture it may come.
LOWEST, NEAREST_ROW = .42, .86
# Exposure in seconds, and how long a shutter takes from the first row to the last.
EXPOSURE = {DAY: 1 / 600, OVERCAST: 1 / 300, NIGHT: 1 / 120, INFRARED: 1 / 250}
READOUT = 1 / 45


@dataclass
class Gate:
    """A camera at a gate and the straight way of cars before it: the near end of a car stops at `stop`."""
    camera: Camera
    stop: np.ndarray
    turn: float
    # Metres from the stop to where cars are first seen.
    reach: float
    # The seed of all that stands around.
    place: int


def gate(rng, width, height):
    focal = width * rng.uniform(.85, 1.5)
    near, far = PLATE * focal / (NEAR * width * rng.uniform(.85, 1.15)), PLATE * focal / (FAR * width * rng.uniform(.9, 1.2))
    first, last = (np.clip(rng.normal(.5, .1), .3, .7) + rng.choice([-1, 1]) * a for a in (rng.uniform(-.05, .12), rng.uniform(0, .2)))
    x0, x1 = ((c - .5) * width / focal * d for c, d in ((first, far), (last, near)))
    reach = far - near
    turn = float(np.clip(np.arctan2(x0 - x1, reach), -.6, .6))
    tall = rng.uniform(1., 2.5)
    # The plate comes down through the picture, about as far from its upper edge as later from its lower one.
    pitch = (np.arctan2(tall - .55, near) + np.arctan2(tall - .55, far)) / 2 - np.arctan(rng.uniform(0, .14) * height / focal)
    # Where that loses it at the stop, its upper way is lost instead.
    pitch = max(pitch, np.arctan2(tall - LOWEST, near) - np.arctan((NEAREST_ROW - .5) * height / focal))
    camera = Camera(width, height, focal, (0, tall, 0), float(pitch), float(np.radians(rng.normal(0, 1.5))))
    return Gate(camera, np.array([x1, near]), turn, reach, int(rng.integers(1 << 30)))


def approach(rng, seconds, fps, plate, night=False, leaving=False, width=1280, height=720, at=None, light=None, cars=None, calm=False):
    """Yields (frame uint8 RGB, the plate's corners 4 × 2 or None where it is not in the frame).

    `at` is the Gate (one of its own unless given), `light` the hour, `cars` the car and the one behind it (or None): each made up
    unless given. `calm` is a good camera on a still day.
    """
    at = at or gate(rng, width, height)
    if light is None:
        light = lights.make(rng, str(rng.choice([NIGHT, INFRARED])) if night else str(rng.choice([DAY, OVERCAST])))
    first, behind = cars or made_up(rng, plate, leaving)
    camera, frames = at.camera, int(round(seconds * fps))
    base = background.draw(np.random.default_rng(at.place), camera, light, clear=at.stop[1] + at.reach + 5, paved=True)
    if calm:
        # It is focused on the gate; and what is far costs no bytes.
        base = cv2.GaussianBlur(base, (0, 0), width / 900)
    kept = lens.make(np.random.default_rng(at.place), light, clean=calm).within(width * .09)
    seeds = rng.integers(1 << 40, size=2)
    wet = None if calm or rng.random() < .8 else light.snow
    shake = 0. if calm or rng.random() < .5 else rng.uniform(.5, 4) * width / 1280
    way = _way(rng, frames, at.reach, leaving, calm)
    gain, swing = None, np.zeros(2)
    for k in range(frames):
        frame, lamps, quad, pose = base.copy(), [], None, None
        for one, gap in ((behind, 6.5), (first, 0.)):
            if one is None:
                continue
            pose = _pose(at, way[k] + gap)
            corners, outline = car.draw(frame, camera, pose, one, light)
            if outline is not None:
                lamps += car.lamps(camera, pose, one, light, np.random.default_rng(seeds[0]))
            if one is first:
                quad = corners
                speed = _speed(at, way, k, fps)
                if outline is not None:
                    _smear(frame, outline, speed * EXPOSURE.get(light.kind, 1 / 200))
        steady = np.random.default_rng(seeds[1])
        if not calm:
            frame = weather.shadows(steady, frame, light)
        frame = weather.hour(steady, frame, light, [quad] if quad is not None else [], lamps)
        if wet is not None:
            frame = weather.drops(rng, frame, light, wet)
        # The camera follows the light slowly.
        wanted = kept.metered(frame, lens.EXPOSURE[light.kind], [quad] if quad is not None else [])
        gain = wanted if gain is None else gain + .3 * (wanted - gain)
        quads = [quad] if quad is not None else []
        if shake:
            swing = swing * .7 + rng.normal(0, shake, 2)
            frame = cv2.warpAffine(frame, np.array([[1, 0, swing[0]], [0, 1, swing[1]]]), (width, height), borderMode=cv2.BORDER_REPLICATE)
            quads = [q + swing for q in quads]
        skew = float(speed[0]) * READOUT / height
        if abs(skew) > 1e-3:
            frame, quads = lens.skewed(frame, quads, skew)
        yield lens.take(rng, frame, replace(kept, gain=gain)), quads[0] if quads and _whole(quads[0], width, height) else None


def made_up(rng, plate, leaving):
    """A car with that plate, and now and then another behind it, whose plate is another."""
    first = car.make(rng, plate, end='rear' if leaving else 'front', taxi=plate.kind == 'taxi')
    if leaving or rng.random() < .75:
        return first, None
    return first, car.make(rng, plates.draw(rng, 'car'), end='front')


def _way(rng, frames, reach, leaving, calm):
    """Metres from the stop, frame by frame: braking on the way in; some creep all the time, or wait at the gate."""
    t = np.linspace(0, 1, frames)
    if not calm and rng.random() < .15:
        start = rng.uniform(.02, .3)
        way = start * reach * (1 - t * rng.uniform(.2, 1.))
    else:
        arrive = rng.uniform(.75, .95)
        way = reach * np.clip(1 - t / arrive, 0, 1) ** rng.uniform(1.2, 1.8)
    return way[::-1] if leaving else way


def _pose(at, metres):
    # A driver's hands: the way is not quite straight.
    swerve = .06 * np.sin(metres * 1.3)
    return Pose(at.stop[0] + np.sin(at.turn) * metres + swerve * np.cos(at.turn), at.stop[1] + np.cos(at.turn) * metres, at.turn + .02 * np.cos(metres * 1.3))


def _speed(at, way, k, fps):
    """Pixels a second of the car's end in the picture."""
    i = min(max(k, 1), len(way) - 1)
    a, b = (at.camera.project(_pose(at, way[j]).world([0, .5, 0]))[0] for j in (i - 1, i))
    return (b - a) * fps


def _smear(frame, outline, move):
    """Motion blur of what moves."""
    if np.hypot(*move) < 1.2:
        return
    h, w = frame.shape[:2]
    x0, y0 = np.clip(np.floor(outline.min(0)).astype(int) - 8, 0, (w, h))
    x1, y1 = np.clip(np.ceil(outline.max(0)).astype(int) + 8, 0, (w, h))
    if x1 - x0 < 3 or y1 - y0 < 3:
        return
    area = frame[y0:y1, x0:x1]
    area[:] = cv2.filter2D(area, -1, lens.motion(*move), borderType=cv2.BORDER_REPLICATE)


def _whole(quad, width, height):
    return bool(np.all(quad > 0) and np.all(quad < (width, height)))
