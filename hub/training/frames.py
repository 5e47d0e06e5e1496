"""Frames for the detector: roads of train-ro with other plates on their cars, and what is no plate beside them."""
import cv2
import numpy as np

import closeups
import glyphs
import light
import plates

# A frame as it is kept; the training cuts 384 × 288 out of it, at scales around 0.7.
WIDTH, HEIGHT = 560, 420
# The most plates of a frame.
MOST = 8
# Plate widths aimed at, in a kept frame.
AIMED = (20, 300)


def _window(rng, box, shape):
    """A homography from a picture to the frame that brings a plate to the aimed width, and tilts all a little."""
    h, w = shape
    aimed = np.exp(rng.uniform(*np.log(AIMED)))
    scale = np.clip(aimed / max(box[1, 0] - box[0, 0], 8), max(.46, WIDTH / w * .9), 3.2)
    ww, wh = WIDTH / scale, HEIGHT / scale
    cx, cy = box.mean(0)
    x0 = np.clip(cx - ww * rng.uniform(.12, .88), min(0, w - ww), max(0, w - ww))
    y0 = np.clip(cy - wh * rng.uniform(.2, .88), min(0, h - wh), max(0, h - wh))
    source = np.array([[x0, y0], [x0 + ww, y0], [x0 + ww, y0 + wh], [x0, y0 + wh]], np.float32)
    if rng.random() < .7:
        source += (rng.uniform(-.11, .11, (4, 2)) * (ww, wh)).astype(np.float32)
    target = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    return cv2.getPerspectiveTransform(source, target)


def road(rng, roads, texts=None):
    """A frame and the corners of its plates, uint8 gray. Where `texts` is a list, it hears what each plate says; None: not known."""
    i, j = roads.all[rng.integers(len(roads.all))]
    picture = roads.gray[i]
    m = _window(rng, roads.boxes[i][j], picture.shape)
    fresh, kept = [], []
    for box in roads.boxes[i]:
        if rng.random() < .88:
            picture = closeups.painted_over(picture, box)
            fresh.append(box)
        else:
            kept.append(box)
    image = cv2.warpPerspective(picture, m, (WIDTH, HEIGHT), flags=cv2.INTER_AREA if m[0, 0] < 1 else cv2.INTER_LINEAR,
                                borderMode=cv2.BORDER_CONSTANT, borderValue=float(rng.uniform(0, 160))).astype(np.float32)
    low, high = (float(v) for v in np.percentile(image[::6, ::6], (2, 98)))
    if rng.random() < .75:
        image = (image - low) * (float(rng.uniform(90, 235)) / max(high - low, 14)) + float(rng.uniform(0, 60))
    if rng.random() < .5:
        image = distract(rng, image, [cv2.perspectiveTransform(b[None].astype(np.float32), m)[0] for b in roads.boxes[i]])
    found = [cv2.perspectiveTransform(box[None].astype(np.float32), m)[0] for box in kept]
    said = [None] * len(kept)
    light_here = float(np.clip(rng.normal(.85, .25), .2, 1.25))
    for box in fresh:
        # Some stay without a plate: a bumper with nothing on it.
        if rng.random() < .1:
            continue
        plate = plates.draw(rng)
        quad = _in_place_of(rng, box, plate, m)
        holder, corners, _ = closeups.mounted(rng, plate)
        image = closeups.onto(image, holder, corners, quad, light_here * rng.uniform(.85, 1.1))
        found.append(quad)
        said.append(plate.text)
    if texts is not None:
        texts += said
    return finished(rng, image, found)


def _in_place_of(rng, box, plate, m):
    """Corners in the frame of a drawn plate where a real one was, in its proportion to the car."""
    cx, cy = box.mean(0)
    mm = (box[1, 0] - box[0, 0]) / 520 * rng.uniform(.92, 1.08)
    quad = closeups.tilt(rng, plate.mm, plate.mm[0] * mm, calm=rng.random() < .55) + (cx, cy)
    return cv2.perspectiveTransform(quad[None].astype(np.float32), m)[0]


def finished(rng, image, found):
    """Light and camera over a whole frame; keeps the plates that are in it."""
    width = np.median([q[:, 0].max() - q[:, 0].min() for q in found]) if found else 100.
    if rng.random() < .4:
        image = light.gradient(rng, image)
    if rng.random() < .25:
        image = light.shadow(rng, image)
    for _ in range(int(rng.choice([0, 0, 0, 1, 2]))):
        image = light.glare(rng, image, reach=rng.uniform(.01, .15) * WIDTH)
    image = light.sensor(rng, light.lens(rng, image, width))
    return np.clip(image, 0, 255).astype(np.uint8), found


def distract(rng, image, away_from):
    """Lays things into a frame that have letters, bars and edges but are no plates, not over a plate's place."""
    for _ in range(int(rng.integers(1, 5))):
        thing = THINGS[rng.integers(len(THINGS))](rng)
        h, w = thing.shape
        width = float(np.exp(rng.uniform(np.log(18), np.log(260))))
        quad = closeups.tilt(rng, (w, h), width, calm=True)
        quad = quad + (rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT))
        if any(_near(quad, other) for other in away_from):
            continue
        corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
        image = closeups.onto(image, thing, corners, quad.astype(np.float32), float(np.clip(rng.normal(.8, .25), .15, 1.2)))
    return image


def _near(a, b):
    lo, hi = b.min(0), b.max(0)
    grow = (hi - lo) * (.35, .9)
    return bool(np.all(a.min(0) < hi + grow) and np.all(a.max(0) > lo - grow))


def banner(rng):
    """A sign or banner: lines of words and numbers of telephones, unlike a plate in its proportions or its lines."""
    h, w = (int(rng.integers(60, 260)), int(rng.integers(120, 420)))
    ground = float(rng.uniform(0, 255))
    ink = float(rng.uniform(0, 255))
    if abs(ground - ink) < 70:
        ink = 255 - ground if abs(255 - 2 * ground) > 70 else 0.
    out = np.full((h, w), ground, np.float32)
    if rng.random() < .4:
        cv2.rectangle(out, (3, 3), (w - 4, h - 4), ink, int(rng.integers(1, 5)))
    y, path = int(h * .06), glyphs.fonts()[rng.integers(len(glyphs.fonts()))]
    lines = int(rng.integers(2, 5))
    for k in range(lines):
        tall = int(h * rng.uniform(.5, .85) / lines)
        if rng.random() < .3:
            text = rng.choice(['8', '+7']) + f'({rng.integers(100, 999)}){rng.integers(100, 999)}-{rng.integers(10, 99)}-{rng.integers(10, 99)}'
        else:
            text = ''.join(chr(rng.integers(97, 123)) if rng.random() < .6 else chr(rng.integers(65, 91)) for _ in range(int(rng.integers(2, 14))))
            text = text.upper() if rng.random() < .5 else text.capitalize()
        mask = glyphs.line(path, text, max(6, tall))
        if mask.shape[1] > w - 10:
            mask = cv2.resize(mask, (w - 10, mask.shape[0]), interpolation=cv2.INTER_AREA)
        x = int((w - mask.shape[1]) * rng.uniform(.1, .9))
        area = out[y:y + mask.shape[0], x:x + mask.shape[1]]
        area += (ink - area) * mask[:area.shape[0]]
        y += mask.shape[0] + int(h * .05)
    return out


def badge(rng):
    """Letters on paint: a model's name, a dealer's; no ground of its own."""
    text = ''.join(chr(rng.integers(65, 91)) if rng.random() < .8 else str(rng.integers(10)) for _ in range(int(rng.integers(1, 10))))
    mask = glyphs.line(glyphs.fonts()[rng.integers(len(glyphs.fonts()))], text, int(rng.integers(14, 50)))
    ground, ink = float(rng.uniform(10, 230)), float(rng.uniform(10, 250))
    pad = int(rng.integers(2, 24))
    out = np.full((mask.shape[0] + 2 * pad, mask.shape[1] + 2 * pad), ground, np.float32)
    area = out[pad:-pad, pad:-pad]
    area += (ink - area) * mask
    return out


def grille(rng):
    h, w = int(rng.integers(40, 200)), int(rng.integers(120, 420))
    out = np.full((h, w), float(rng.uniform(0, 60)), np.float32)
    tone, step = float(rng.uniform(70, 250)), int(rng.integers(5, 30))
    thick = max(1, int(step * rng.uniform(.15, .6)))
    if rng.random() < .65:
        for y in range(0, h, step):
            cv2.line(out, (0, y), (w, y), tone, thick, cv2.LINE_AA)
    if rng.random() < .65:
        lean = int(rng.choice([0, 0, step, -step, 2 * step]))
        for x in range(-w, 2 * w, step):
            cv2.line(out, (x, 0), (x + lean * h // max(step, 1) // 2, h), tone, thick, cv2.LINE_AA)
    if rng.random() < .5:
        cv2.rectangle(out, (0, 0), (w - 1, h - 1), float(rng.uniform(100, 250)), int(rng.integers(2, 9)))
    return out


def blank(rng):
    """A light rectangle with nothing on it, or a stripe: lamps, reflectors, stickers, a recess without its plate."""
    h, w = int(rng.integers(40, 160)), int(rng.integers(60, 520))
    out = np.full((h, w), float(rng.uniform(0, 255)), np.float32)
    out += (light.soft_noise(rng, h, w, rng.integers(2, 6), rng.integers(2, 12)) - .5) * np.float32(rng.uniform(0, 90))
    for _ in range(int(rng.integers(0, 4))):
        x = int(rng.uniform(0, w))
        cv2.line(out, (x, 0), (x, h), float(rng.uniform(0, 255)), int(rng.integers(1, 12)))
    if rng.random() < .5:
        cv2.rectangle(out, (0, 0), (w - 1, h - 1), float(rng.uniform(0, 255)), int(rng.integers(2, 9)))
    return out


def windows(rng):
    """A grid of panes or bricks."""
    h, w = int(rng.integers(80, 300)), int(rng.integers(80, 300))
    out = np.full((h, w), float(rng.uniform(20, 220)), np.float32)
    sx, sy = int(rng.integers(8, 60)), int(rng.integers(8, 60))
    tone = float(rng.uniform(0, 255))
    for y in range(2, h - sy, sy):
        for x in range(2, w - sx, sx):
            cv2.rectangle(out, (x, y), (x + int(sx * .7), y + int(sy * .7)), tone + float(rng.uniform(-30, 30)), -1)
    return out


THINGS = [banner, banner, badge, badge, grille, grille, blank, blank, windows]
