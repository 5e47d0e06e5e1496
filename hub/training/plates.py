"""Number plates, drawn: 1 pixel a millimetre, nothing around them, as new or as worn as a road leaves them."""
from dataclasses import dataclass

import cv2
import numpy as np

import foreign
import russian


@dataclass
class Plate:
    """`image` is uint8 RGB; `text` has Latin twins of Cyrillic letters; `country` is '' where none is known."""
    image: np.ndarray
    text: str
    rows: int
    country: str
    kind: str

    @property
    def mm(self):
        return self.image.shape[1], self.image.shape[0]


def _colours(rng, ground, ink):
    def aged(colour):
        shade = rng.normal(0, 8)
        return tuple(float(np.clip(v + shade + rng.normal(0, 3), 0, 255)) for v in colour)
    return aged(ground), aged(ink)


def _worn(rng, image, amount):
    """Dirt, scratches, snow, screws: in place, float image."""
    h, w = image.shape[:2]
    for _ in range(int(rng.choice([0, 2, 2, 4]))):
        x = rng.choice([rng.uniform(.02, .12), rng.uniform(.88, .98), rng.uniform(.2, .8)]) * w
        y = rng.choice([.12, .5, .88, rng.uniform(.1, .9)]) * h
        r = rng.uniform(2, 5.5)
        shade = float(rng.uniform(30, 220))
        cv2.circle(image, (int(x), int(y)), int(r), (shade,) * 3, -1, cv2.LINE_AA)
        cv2.circle(image, (int(x), int(y)), int(r), (shade * .6,) * 3, 1, cv2.LINE_AA)
    if rng.random() < amount:
        # Dirt lies in clouds: noise of a coarse grid, thresholded softly, more at the lower edge.
        gh, gw = int(rng.integers(2, 7)), int(rng.integers(4, 16))
        cloud = cv2.resize(rng.random((gh, gw)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        cloud += np.linspace(-.2, .2, h, dtype=np.float32)[:, None] * float(rng.choice([1, 1, -1, 0]))
        mask = np.clip((cloud - rng.uniform(.45, .85)) * rng.uniform(1.5, 5), 0, float(rng.uniform(.2, .85)))
        tone = np.array(rng.choice([[90, 80, 65], [60, 58, 55], [130, 120, 105], [240, 244, 250]]), np.float32)
        image += (tone - image) * mask[..., None]
    if rng.random() < amount * .6:
        for _ in range(int(rng.integers(1, 6))):
            a, b = rng.random(2) * (w, h), rng.random(2) * (w, h)
            b = a + (b - a) * rng.uniform(.05, .4)
            shade = float(rng.uniform(60, 220))
            cv2.line(image, tuple(int(v) for v in a), tuple(int(v) for v in b), (shade,) * 3, int(rng.integers(1, 3)), cv2.LINE_AA)
    if rng.random() < amount * .4:
        # Paint of characters fades, in patches.
        fade = cv2.resize(rng.random((2, 6)).astype(np.float32), (w, h), interpolation=cv2.INTER_LINEAR)
        image += (image.mean() - image) * (fade * rng.uniform(.1, .5))[..., None]


KINDS = {'car': russian.car, 'car_square': russian.car_square, 'taxi': russian.taxi, 'trailer': russian.trailer, 'army': russian.army,
         'police': russian.police, 'diplomatic': russian.diplomatic, 'transit': russian.transit, 'motorcycle': russian.motorcycle, 'foreign': foreign.foreign}
SHARES = {'car': .43, 'car_square': .045, 'taxi': .03, 'trailer': .025, 'army': .01, 'police': .012, 'diplomatic': .01, 'transit': .01, 'motorcycle': .028,
          'foreign': .40}
assert abs(sum(SHARES.values()) - 1) < 1e-9


def draw(rng, kind=None, text=None, wear=.55):
    """A plate: its kind by SHARES unless given, its text at random unless given (in Latin twins, for Russian kinds)."""
    kind = kind or str(rng.choice(list(SHARES), p=list(SHARES.values())))
    make = KINDS[kind]
    sheet, text, rows, country, ground, ink = make(rng) if kind == 'foreign' else make(rng, text)
    image = sheet.image(*_colours(rng, ground, ink))
    if wear:
        _worn(rng, image, wear)
    return Plate(np.clip(image, 0, 255).astype(np.uint8), text, rows, country, kind)
