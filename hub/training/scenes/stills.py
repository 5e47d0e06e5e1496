"""Single pictures of cars somewhere: with plates, and without any but much that looks like one."""
from dataclasses import replace

import cv2
import numpy as np

from . import background, car, ends, lens, light as lights, weather
from .space import Camera, Pose

# Widths of plates aimed at, pixels.
AIMED = (16., 260.)
# Width of the usual plate, metres.
PLATE = .52
# A plate of which less than this is in the picture, or seen behind other cars, is not asked for.
SEEN = .75


def still(rng, width, height, plates):
    """A picture (uint8 RGB) and its plates: [(corners 4 × 2, plate)], clockwise from the top left.

    `plates` is a list to take from in turn, or a function of rng that draws one.
    """
    draw_plate = plates if callable(plates) else _in_turn(plates)
    return _picture(rng, width, height, draw_plate, lambda: rng.random() < .85)


def empty(rng, width, height):
    """A picture without any plate: cars with empty places for one, signs, grilles; or no cars."""
    return _picture(rng, width, height, None, lambda: False)[0]


def _in_turn(plates):
    left = list(plates)
    return lambda rng: left.pop(0) if left else None


def _picture(rng, width, height, draw_plate, has_plate):
    light = lights.make(rng)
    first = draw_plate(rng) if draw_plate else None
    if first is not None and first.kind == 'motorcycle' and rng.random() < .5:
        first = draw_plate(rng) or first
    aimed_at = car.make(rng, first)
    camera, poses = _scene(rng, width, height, aimed_at)
    frame = background.draw(rng, camera, light, clear=max(p.z for p in poses) + rng.uniform(2, 7), boards=0 if draw_plate else int(rng.integers(0, 5)))
    cars = [(poses[0], aimed_at)]
    cars += [(pose, car.make(rng, draw_plate(rng) if draw_plate and has_plate() else None)) for pose in poses[1:]]
    if not draw_plate and rng.random() < .25:
        cars = []
    found, lamps = [], []
    for pose, one in sorted(cars, key=lambda c: -c[0].z):
        corners, outline = car.draw(frame, camera, pose, one, light)
        if outline is not None:
            found = [(q, p) for q, p in found if not _covered(q, outline)]
            lamps += car.lamps(camera, pose, one, light, rng)
        if corners is not None:
            found.append((corners, one.plate))
    frame = weather.shadows(rng, frame, light)
    frame = weather.hour(rng, frame, light, [q for q, _ in found], lamps)
    frame = weather.falling(rng, frame, light)
    narrow = min((np.ptp(q[:, 0]) for q, _ in found), default=100.)
    kept = lens.make(rng, light).within(narrow)
    quads = [q for q, _ in found] if rng.random() < .85 else []
    kept = replace(kept, gain=kept.metered(frame, lens.EXPOSURE[light.kind], quads))
    if rng.random() < .06:
        frame, moved = lens.skewed(frame, [q for q, _ in found], rng.normal(0, .05))
        found = [(q, p) for q, (_, p) in zip(moved, found)]
    move = rng.normal(0, 1, 2) * (2., .7) * min(narrow / 60, 2.) if rng.random() < .2 else (0, 0)
    frame = lens.take(rng, frame, kept, move)
    return frame, [(q, p) for q, p in found if _inside(q, width, height)]


def _scene(rng, width, height, aimed_at):
    """A camera and where cars stand before it; the first place is that of the car that the camera aims at."""
    plate = aimed_at.plate.mm[0] / 1000 if aimed_at.plate is not None else PLATE
    beside, above, _ = aimed_at.shape.near(*ends.place(aimed_at)[:2])
    aimed = float(np.exp(rng.uniform(*np.log(AIMED))))
    aimed = min(aimed, (.36 if rng.random() < .8 else .5) * width)
    # Telephones and cameras see 40 to 75 degrees across; what stands far is taken by longer lenses.
    view = np.radians(rng.uniform(28, 74))
    focal = width / 2 / np.tan(view / 2)
    yaw = np.radians(np.clip(rng.normal(0, 24), -52, 52))
    distance = plate * np.cos(yaw) * focal / aimed
    nearest = rng.uniform(2., 3.2)
    if distance < nearest:
        focal, distance = focal * nearest / distance, nearest
    if distance > 32:
        focal, distance = focal * 32 / distance, 32.
    tall = rng.uniform(1.2, 1.75) if rng.random() < .7 else rng.uniform(.7, 3.2)
    # Mostly whole plates, mostly in the lower part of the picture.
    room = min(.45, .6 * aimed / width)
    column, row = np.clip(rng.normal(.5, .2), .06 + room, .94 - room), np.clip(rng.normal(.66, .13), .2, .96 - .5 * room)
    bearing = np.arctan((column - .5) * width / focal)
    # The pitch that brings the plate to that row.
    pitch = np.arctan2(tall - above, distance) - np.arctan((row - .5) * height / focal)
    camera = Camera(width, height, focal, (0, tall, 0), float(np.clip(pitch, -.5, .6)), float(np.radians(rng.normal(0, 2.2 if rng.random() < .85 else 8))))
    x, z = distance * np.tan(bearing) - beside * np.cos(bearing + yaw), distance
    poses = [Pose(x, z, bearing + yaw)]
    others = int(rng.choice([0, 1, 2, 3, 5], p=[.4, .27, .19, .09, .05]))
    pitch_of_bays, sign = rng.uniform(2.3, 3.2), rng.choice([-1, 1])
    turn = poses[0].turn
    for k in range(others):
        if rng.random() < .6:
            # Parked beside it, in one row.
            step = sign * pitch_of_bays * (k // 2 + 1) * (1 if k % 2 == 0 else -1)
            lag = rng.normal(0, .5)
            poses.append(Pose(x + step * np.cos(turn) + lag * np.sin(turn), z - step * np.sin(turn) + lag * np.cos(turn), turn + rng.normal(0, .06)))
        else:
            far = z + rng.uniform(6, 22)
            poses.append(Pose(far * rng.uniform(-.6, .6) * width / focal / 1.2, far, rng.normal(0, .5) if rng.random() < .6 else rng.uniform(-1.4, 1.4)))
    kept = [poses[0]]
    for pose in poses[1:]:
        if pose.z > 1.2 and all(np.hypot(pose.x - o.x, pose.z - o.z) > 1.9 for o in kept):
            kept.append(pose)
    return camera, kept


def _covered(quad, outline):
    """Whether a nearer car hides more of a plate than may be hidden."""
    points = (quad[None] * (1 - np.array([0, .5, .95])[:, None, None]) + quad.mean(0) * np.array([0, .5, .95])[:, None, None]).reshape(-1, 2)
    hidden = sum(cv2.pointPolygonTest(outline.astype(np.float32), (float(x), float(y)), False) >= 0 for x, y in points)
    return hidden > len(points) * (1 - SEEN)


def _inside(quad, width, height):
    """Whether enough of the plate is in the picture."""
    a = quad[:, None] * (1 - np.linspace(0, 1, 5)[None, :, None]) + np.roll(quad, -1, 0)[:, None] * np.linspace(0, 1, 5)[None, :, None]
    inside = (a[..., 0] > 0) & (a[..., 0] < width) & (a[..., 1] > 0) & (a[..., 1] < height)
    return inside.mean() > .9
