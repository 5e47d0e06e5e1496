"""Close-ups: a drawn plate on a car, seen by some camera, a little more than the plate; for the reader and the second look.

Half of the surroundings are those of real plates of `train-ro`, whose plates are painted over; the others are drawn.
"""
import csv
import os

import cv2
import numpy as np

import glyphs
import light

# The plate's width in the picture, in pixels.
WIDTHS = (44, 300)


class Roads:
    """The pictures of train-ro, and where the plates are in them."""

    def __init__(self, folder):
        self.items = {}
        with open(os.path.join(folder, 'labels.csv'), newline='') as file:
            for row in csv.DictReader(file):
                corners = np.array([[float(row[f'x{k}']), float(row[f'y{k}'])] for k in (1, 2, 3, 4)])
                self.items.setdefault(row['file'], []).append(corners)
        self.files = sorted(self.items)
        self.gray = [cv2.imread(os.path.join(folder, name), cv2.IMREAD_GRAYSCALE) for name in self.files]
        self.boxes = [self.items[name] for name in self.files]
        self.all = [(i, j) for i, boxes in enumerate(self.boxes) for j in range(len(boxes))]


def painted_over(image, box):
    """The picture without the plate in the box: rows between the pixels at its left and right."""
    x0, y0 = np.floor(box.min(0) - (box.max(0) - box.min(0)) * (.06, .18)).astype(int)
    x1, y1 = np.ceil(box.max(0) + (box.max(0) - box.min(0)) * (.06, .18)).astype(int)
    h, w = image.shape
    x0, y0, x1, y1 = max(x0, 1), max(y0, 1), min(x1, w - 2), min(y1, h - 2)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return image
    out = image.copy()
    t = np.linspace(0, 1, x1 - x0, dtype=np.float32)[None]
    left, right = out[y0:y1, x0 - 1:x0].astype(np.float32), out[y0:y1, x1:x1 + 1].astype(np.float32)
    across = left + (right - left) * t
    s = np.linspace(0, 1, y1 - y0, dtype=np.float32)[:, None]
    top, low = out[y0 - 1:y0, x0:x1].astype(np.float32), out[y1:y1 + 1, x0:x1].astype(np.float32)
    down = top + (low - top) * s
    out[y0:y1, x0:x1] = (across + down) / 2
    return out


def tilt(rng, mm, width, calm=False):
    """Corners around 0,0 of a plate of `mm` that is about `width` px wide, turned in space as cars before a camera are."""
    w, h = mm
    wild = .5 if calm else 1.
    yaw = np.clip(rng.normal(0, 26 * wild), -62, 62) if rng.random() < .75 else rng.uniform(-60, 60) * wild
    pitch, roll = np.clip(rng.normal(6, 9 * wild), -32, 32), np.clip(rng.normal(0, 6 * wild), -28, 28)
    if rng.random() < .1 and not calm:
        roll = rng.uniform(-26, 26)
    y, p, r = np.radians([yaw, pitch, roll])
    points = np.array([[-w / 2, -h / 2, 0], [w / 2, -h / 2, 0], [w / 2, h / 2, 0], [-w / 2, h / 2, 0]])
    points = points @ np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]).T
    points = points @ np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]]).T
    points = points @ np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]]).T
    # Nearer cameras see stronger perspective; 2 to 9 m.
    distance = rng.uniform(1400, 9000)
    flat = points[:, :2] / (1 + points[:, 2:] / distance)
    # Strongly turned plates are narrower: `width` is what a frontal one has.
    return flat * (width / w)


def mounted(rng, plate):
    """The plate with what holds it, gray float, and its corners in that picture: a frame, words under it, or nothing."""
    image = cv2.cvtColor(plate.image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    h, w = image.shape
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    if rng.random() < .4:
        return image, corners, None
    side, top, low = int(rng.uniform(.004, .03) * w), int(rng.uniform(.02, .14) * h), int(rng.uniform(.03, .3) * h)
    tone = float(rng.choice([rng.uniform(10, 50), rng.uniform(10, 60), rng.uniform(90, 200)]))
    out = np.full((h + top + low, w + 2 * side), tone, np.float32)
    if low > .12 * h and rng.random() < .75:
        words = ''.join(chr(rng.integers(65, 91)) if rng.random() < .85 else ' ' for _ in range(int(rng.integers(6, 22))))
        path = glyphs.fonts()[rng.integers(len(glyphs.fonts()))]
        mask = glyphs.line(path, words, max(6, int(low * rng.uniform(.35, .7))))
        room = out[h + top:, :]
        mask = mask[:room.shape[0] - 1, :w]
        x, y = (out.shape[1] - mask.shape[1]) // 2, (room.shape[0] - mask.shape[0]) // 2
        ink = 235. if tone < 128 else 20.
        area = room[y:y + mask.shape[0], x:x + mask.shape[1]]
        area += (ink - area) * mask
    out[top:top + h, side:side + w] = image
    # A frame may cover the plate's edge a little.
    lip = int(rng.choice([0, 0, rng.uniform(1, 5)]))
    if lip:
        cv2.rectangle(out, (side, top), (side + w - 1, top + h - 1), tone, lip)
    return out, corners + (side, top), tone


def drawn_surroundings(rng, height, width, quad):
    """A bumper or a boot: smooth paint, edges, a recess, grilles, letters; nothing that passes for a plate."""
    paint = float(rng.choice([rng.uniform(8, 60), rng.uniform(60, 170), rng.uniform(170, 250)]))
    image = np.full((height, width), paint, np.float32)
    image *= np.linspace(rng.uniform(.6, 1.3), rng.uniform(.6, 1.3), height, dtype=np.float32)[:, None]
    cx, cy = quad.mean(0)
    pw, ph = quad.max(0) - quad.min(0)
    for _ in range(int(rng.integers(1, 7))):
        y = rng.uniform(0, height)
        slope = rng.normal(0, .12)
        thick = max(1, int(rng.uniform(.01, .22) * ph * 2))
        tone = float(rng.choice([rng.uniform(5, 50), paint * rng.uniform(.5, 1.5), rng.uniform(150, 250)]))
        cv2.line(image, (0, int(y - slope * cx)), (width, int(y + slope * (width - cx))), tone, thick, cv2.LINE_AA)
    if rng.random() < .4:
        # A grille above or below.
        y0 = int(cy + rng.choice([-1, 1]) * ph * rng.uniform(.8, 1.6) - ph * .4)
        step = max(3, int(ph * rng.uniform(.08, .3)))
        tone, back = float(rng.uniform(60, 230)), float(rng.uniform(5, 40))
        y1 = y0 + int(ph * rng.uniform(.5, 1.4))
        cv2.rectangle(image, (0, y0), (width, y1), back, -1)
        if rng.random() < .6:
            for y in range(y0, y1, step):
                cv2.line(image, (0, y), (width, y), tone, max(1, step // 3), cv2.LINE_AA)
        if rng.random() < .6:
            for x in range(0, width, step):
                cv2.line(image, (x, y0), (x + int(rng.integers(-1, 2)) * step, y1), tone, max(1, step // 4), cv2.LINE_AA)
    if rng.random() < .5:
        grow = quad + (quad - quad.mean(0)) * (rng.uniform(.04, .3), rng.uniform(.08, .5))
        cv2.fillConvexPoly(image, np.round(grow * 8).astype(np.int32), float(paint * rng.uniform(.3, 1.1)), cv2.LINE_AA, 3)
    if rng.random() < .3:
        words = ''.join(chr(rng.integers(65, 91)) for _ in range(int(rng.integers(2, 9))))
        mask = glyphs.line(glyphs.fonts()[rng.integers(len(glyphs.fonts()))], words, max(6, int(ph * rng.uniform(.2, .6))))
        x, y = int(rng.uniform(0, width * .8)), int(rng.choice([rng.uniform(0, max(1, cy - ph * 1.4)), min(height - 8, cy + ph * rng.uniform(.8, 1.3))]))
        area = image[y:y + mask.shape[0], x:x + mask.shape[1]]
        if area.size:
            m = mask[:area.shape[0], :area.shape[1]]
            area += (float(rng.uniform(0, 255)) - area) * m
    for _ in range(int(rng.integers(0, 4))):
        centre = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        cv2.ellipse(image, centre, (int(ph * rng.uniform(.1, .8)), int(ph * rng.uniform(.1, .6))), rng.uniform(0, 180), 0, 360,
                    float(rng.uniform(10, 245)), -1 if rng.random() < .4 else max(1, int(ph * .05)), cv2.LINE_AA)
    image += (light.soft_noise(rng, height, width, rng.integers(2, 30), rng.integers(2, 40)) - .5) * np.float32(rng.uniform(0, 45))
    return image


def onto(image, plate, corners, quad, shade):
    """Lays the mounted plate into the picture so that its `corners` come to `quad`; `shade` is its light."""
    span = np.linalg.norm(quad[1] - quad[0]) / max(1., np.linalg.norm(corners[1] - corners[0]))
    rise = np.linalg.norm(quad[3] - quad[0]) / max(1., np.linalg.norm(corners[3] - corners[0]))
    by = min(1., max(span, rise) * 1.25)
    if by < .8:
        small = cv2.resize(plate, (max(4, int(round(plate.shape[1] * by))), max(4, int(round(plate.shape[0] * by)))), interpolation=cv2.INTER_AREA)
        corners = corners * (small.shape[1] / plate.shape[1], small.shape[0] / plate.shape[0])
        plate = small
    m = cv2.getPerspectiveTransform(np.asarray(corners, np.float32) - .5, np.asarray(quad, np.float32) - .5)
    h, w = image.shape
    # Only the part of the picture that the plate can touch.
    outer = cv2.perspectiveTransform(np.array([[[0, 0], [plate.shape[1], 0], plate.shape[::-1], [0, plate.shape[0]]]], np.float32), m)[0]
    x0, y0 = np.maximum(np.floor(outer.min(0)).astype(int) - 2, 0)
    x1, y1 = np.minimum(np.ceil(outer.max(0)).astype(int) + 3, (w, h))
    if x1 <= x0 or y1 <= y0:
        return image
    shift = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]], np.float64)
    size = (int(x1 - x0), int(y1 - y0))
    flat = cv2.warpPerspective(plate, shift @ m, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mask = cv2.warpPerspective(np.ones_like(plate), shift @ m, size, flags=cv2.INTER_LINEAR)
    area = image[y0:y1, x0:x1]
    area += (flat * shade - area) * mask
    return image


def make(rng, plate, roads=None):
    """A close-up: uint8 gray, and the plate's corners in it."""
    width = np.exp(rng.uniform(*np.log(WIDTHS)))
    if plate.rows == 2:
        width = max(28, width * .62)
    real = roads is not None and rng.random() < .5
    quad = tilt(rng, plate.mm, width, calm=real)
    span, rise = quad.max(0) - quad.min(0)
    w, h = int(span * rng.uniform(1.9, 2.5)) + 8, int(max(rise * 3.2, span * .9) * rng.uniform(1., 1.25)) + 8
    quad = quad + (w / 2 + rng.normal(0, .04) * w, h / 2 + rng.normal(0, .04) * h)
    image = _real_surroundings(rng, roads, w, h, quad) if real else drawn_surroundings(rng, h, w, quad)
    holder, corners, _ = mounted(rng, plate)
    shade = float(np.clip(rng.normal(.85, .25), .12, 1.25))
    if rng.random() < .5:
        image *= np.float32(rng.uniform(.35, 1.1))
    image = onto(image, holder, corners, quad, shade)
    if rng.random() < .5:
        image = light.gradient(rng, image)
    if rng.random() < .3:
        image = light.shadow(rng, image)
    if rng.random() < .15:
        image = light.glare(rng, image)
    image = light.lens(rng, image, span)
    image = light.sensor(rng, image)
    if rng.random() < .06:
        # Rolling shutter: rows slide.
        skew = rng.normal(0, .06)
        m = np.array([[1, skew, -skew * h / 2], [0, 1, 0]])
        image = cv2.warpAffine(image, m, (w, h), borderMode=cv2.BORDER_REPLICATE)
        quad = quad + np.stack([(quad[:, 1] - h / 2) * skew, np.zeros(4)], 1)
    return np.clip(image, 0, 255).astype(np.uint8), quad.astype(np.float32)


def jpeg(rng, image):
    """As a camera writes it: bytes."""
    quality = int(np.clip(rng.normal(78, 20), 28, 97))
    return cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _real_surroundings(rng, roads, w, h, quad):
    i, j = roads.all[rng.integers(len(roads.all))]
    box = roads.boxes[i][j]
    source = painted_over(roads.gray[i], box)
    span = quad.max(0) - quad.min(0)
    # The real plate's place comes under the drawn one, so that what is around it is in proportion.
    scale = max(box[1, 0] - box[0, 0], 12) / span[0] * rng.uniform(.85, 1.15)
    m = np.array([[scale, 0, box.mean(0)[0] - scale * quad.mean(0)[0]], [0, scale, box.mean(0)[1] - scale * quad.mean(0)[1]]], np.float64)
    out = cv2.warpAffine(source, m, (w, h), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
    low, high = (float(v) for v in np.percentile(out[::4, ::4], (2, 98)))
    if rng.random() < .7:
        # Dusk becomes any other light.
        out = (out - low) * (rng.uniform(60, 230) / max(high - low, 12)) + rng.uniform(0, 70)
    return out
