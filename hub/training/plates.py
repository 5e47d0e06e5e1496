"""Number plates, drawn: 1 pixel a millimetre, nothing around them, as new or as worn as a road leaves them.

Russian ones by the layouts of GOST R 50577 (1993 and 2018); those of neighbours and of Europe by their looks; and plates of no
country at all, groups of characters at random, so that a reader learns characters and not formats.
"""
from dataclasses import dataclass

import cv2
import numpy as np

import glyphs

LETTERS = 'ABEKMHOPCTYX'
LATIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
REGIONS = ('01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 '
           '44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 82 83 86 87 89 92 95 96 98 '
           '99 102 113 116 121 122 123 124 125 126 134 136 138 142 147 150 152 154 156 159 161 163 164 173 174 176 177 178 180 186 190 193 196 197 198 '
           '199 250 252 277 299 550 702 716 725 750 754 761 763 774 777 790 797 799 977').split()
WHITE, YELLOW, BLUE, RED, BLACK = (236, 238, 240), (250, 200, 20), (30, 60, 160), (190, 30, 35), (25, 25, 28)


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


class Sheet:
    """A plate in the making: a coverage of ink over a background; what is coloured is put on top."""

    def __init__(self, width, height):
        self.ink = np.zeros((height, width), np.float32)
        self.colour = []

    def put(self, mask, x, y):
        """Lays a mask with its top left corner at x, y; what sticks out is cut."""
        x, y = int(round(x)), int(round(y))
        h, w = mask.shape
        H, W = self.ink.shape
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, W), min(y + h, H)
        if x0 < x1 and y0 < y1:
            area = self.ink[y0:y1, x0:x1]
            np.maximum(area, mask[y0 - y:y1 - y, x0 - x:x1 - x], out=area)

    def box(self, x0, y0, x1, y1, thick, radius=0):
        canvas = np.zeros(self.ink.shape, np.uint8)
        points = np.array(glyphs._round_rect(x0, y0, x1, y1, max(radius, 1)))
        cv2.polylines(canvas, [np.round(points * 8).astype(np.int32)], True, 255, max(1, int(round(thick))), cv2.LINE_AA, 3)
        np.maximum(self.ink, canvas.astype(np.float32) / 255, out=self.ink)

    def fill(self, x0, y0, x1, y1, colour):
        """A coloured field over everything, e.g. a flag."""
        self.colour.append((int(round(x0)), int(round(y0)), int(round(x1)), int(round(y1)), colour))

    def image(self, ground, ink):
        out = np.empty(self.ink.shape + (3,), np.float32)
        m = self.ink
        for c in range(3):
            out[..., c] = ground[c] + (ink[c] - ground[c]) * m
        for x0, y0, x1, y1, colour in self.colour:
            if np.isscalar(colour):
                out[y0:y1, x0:x1] = colour
            elif isinstance(colour, np.ndarray):
                h, w = out[y0:y0 + colour.shape[0], x0:x0 + colour.shape[1]].shape[:2]
                out[y0:y0 + h, x0:x0 + w] = colour[:h, :w]
            else:
                out[y0:y1, x0:x1] = colour
        return out


def region(rng):
    if rng.random() < .75:
        return REGIONS[rng.integers(len(REGIONS))]
    return f'{rng.integers(1, 100):02d}' if rng.random() < .6 else f'{rng.choice([1, 1, 1, 2, 7, 7, 9])}{rng.integers(0, 100):02d}'


def digits(rng, n):
    return ''.join(str(rng.integers(10)) for _ in range(n))


def letters(rng, n, of=LETTERS):
    return ''.join(of[rng.integers(len(of))] for _ in range(n))


# --- Russian plates ---------------------------------------------------------------------------------------------------------


class Style:
    """How one maker's plates look: the stroke, the widths, the slack of each character's place."""

    def __init__(self, rng):
        self.rng = rng
        self.weight = rng.uniform(.118, .165)
        self.width = rng.uniform(.92, 1.1)
        self.slack = rng.uniform(0, 2.)
        self.font = None
        if rng.random() < .12:
            self.font = glyphs.fonts()[rng.integers(len(glyphs.fonts()))]

    def glyph(self, char, height, narrow=1.0):
        height = int(round(height))
        if self.font:
            mask = glyphs.font(self.font, char, height)
            want = max(3, round(height * (.58 if char.isdigit() else .78) * narrow))
            return cv2.resize(mask, (want, height), interpolation=cv2.INTER_AREA)
        # The stroke of small digits is as wide as that of tall ones.
        weight = round(self.weight * (76 / 58 if char.isdigit() and height <= 62 else 1) * (76 / 58 if char.isalpha() else 1) * .88, 3)
        return glyphs.gost(char, height, weight, round(self.width * narrow, 2))

    def centred(self, sheet, char, cx, bottom, height, narrow=1.0):
        mask = self.glyph(char, height, narrow)
        jitter = self.rng.uniform(-self.slack, self.slack, 2)
        sheet.put(mask, cx - mask.shape[1] / 2 + jitter[0], bottom - height + jitter[1] * .5)

    def row(self, sheet, text, x0, x1, bottom, tall, low, pitch=None):
        """Spreads characters between x0 and x1: digits `tall`, letters `low` high."""
        step = (x1 - x0) / len(text) if pitch is None else pitch
        for i, char in enumerate(text):
            height = tall if char.isdigit() else low
            self.centred(sheet, char, x0 + step * (i + .5), bottom, height)


def _small_rus(style, sheet, x0, x1, bottom, height, rng):
    """`RUS` and the flag under the region."""
    if rng.random() < .03:
        return
    flag_w = height * 1.5
    with_flag = rng.random() < .9
    width = (x1 - x0) - (flag_w + 4 if with_flag else 0)
    pitch = min(width / 3, height * .95)
    left = x0 + (x1 - x0 - pitch * 3 - (flag_w + 4 if with_flag else 0)) / 2
    for i, char in enumerate('RUS'):
        mask = glyphs.gost(char, int(height), .17, .75)
        sheet.put(mask, left + pitch * i, bottom - height)
    if with_flag:
        fx, third = left + pitch * 3 + 3, height / 3
        for i, colour in enumerate(((245, 245, 245), (40, 60, 170), (200, 40, 40))):
            sheet.fill(fx, bottom - height + third * i, fx + flag_w, bottom - height + third * (i + 1), colour)
        sheet.box(fx, bottom - height, fx + flag_w, bottom, 1)


def _region_box(style, sheet, code, x0, x1, height, rng, tall=58, line=True, rus=True):
    """The field at the right with the region."""
    if line:
        thick = rng.uniform(2, 3.6)
        sheet.put(np.ones((int(height - 8), int(round(thick))), np.float32), x0, 4)
    narrow = .98 if len(code) == 2 else .86
    pitch = (x1 - x0 - 12) / len(code)
    pitch = min(pitch, 44)
    middle = (x0 + x1) / 2 + rng.uniform(-3, 3)
    bottom = (12 + tall) * height / 112 if rus else height / 2 + tall / 2
    for i, char in enumerate(code):
        style.centred(sheet, char, middle + pitch * (i - (len(code) - 1) / 2), bottom, tall, narrow)
    if rus:
        _small_rus(style, sheet, x0 + 8, x1 - 6, height - rng.uniform(11, 15), rng.uniform(17, 21), rng)


def _one_row(rng, main, code, low=58, split=None, region_x=None, rus=True, tall=76, line=True):
    """The long plate, 520 × 112: the number, a line, the region."""
    sheet, style = Sheet(520, 112), Style(rng)
    if rng.random() < .96:
        sheet.box(3, 3, 516, 108, rng.uniform(2.5, 4.5), rng.uniform(4, 10))
    x = region_x or (392 if len(code) == 2 else 384) + rng.uniform(-6, 4)
    left = rng.uniform(12, 22)
    bottom = 112 / 2 + tall / 2 + rng.uniform(-1, 4)
    style.row(sheet, main, left, x - rng.uniform(2, 10), bottom, tall, low)
    _region_box(style, sheet, code, x, 516, 112, rng, line=line, rus=rus)
    return sheet, main + code


def _colours(rng, ground, ink):
    def aged(colour):
        shade = rng.normal(0, 8)
        return tuple(float(np.clip(v + shade + rng.normal(0, 3), 0, 255)) for v in colour)
    return aged(ground), aged(ink)


def car(rng, text=None):
    if text:
        main, code = text[:6], text[6:]
    else:
        main, code = letters(rng, 1) + _number(rng, 3) + letters(rng, 2), region(rng)
    sheet, text = _one_row(rng, main, code)
    return sheet, text, 1, 'RU', WHITE, BLACK


def _number(rng, n):
    """Digits, now and then such as people pay for."""
    if rng.random() < .12:
        return str(rng.integers(10)) * n
    if rng.random() < .08:
        return f'{rng.integers(1, 10):0{n}d}'
    return digits(rng, n)


def car_square(rng, text=None):
    """Type 1А, 290 × 170: a letter and three digits above, two letters and the region below."""
    main, code = (text[:6], text[6:]) if text else (letters(rng, 1) + _number(rng, 3) + letters(rng, 2), region(rng))
    sheet, style = Sheet(290, 170), Style(rng)
    sheet.box(3, 3, 286, 166, rng.uniform(2.5, 4.5), 8)
    style.row(sheet, main[:4], 14, 276, 86 + rng.uniform(-2, 3), 70, 56)
    edge = 145 + rng.uniform(-10, 6)
    style.row(sheet, main[4:], 16, edge - 4, 155 + rng.uniform(-3, 2), 58, 54)
    if rng.random() < .7:
        sheet.put(np.ones((74, 3), np.float32), edge, 92)
        sheet.put(np.ones((3, int(286 - edge)), np.float32), edge, 92)
    pitch = min(38, (280 - edge) / len(code))
    for i, char in enumerate(code):
        style.centred(sheet, char, (edge + 284) / 2 + pitch * (i - (len(code) - 1) / 2), 145, 46, .9)
    _small_rus(style, sheet, edge + 6, 282, 163, 13, rng)
    return sheet, main + code, 2, 'RU', WHITE, BLACK


def taxi(rng, text=None):
    main, code = (text[:5], text[5:]) if text else (letters(rng, 2) + digits(rng, 3), region(rng))
    sheet, text = _one_row(rng, main, code)
    return sheet, text, 1, 'RU', YELLOW, BLACK


def trailer(rng, text=None):
    main, code = (text[:6], text[6:]) if text else (letters(rng, 2) + digits(rng, 4), region(rng))
    sheet, text = _one_row(rng, main, code)
    return sheet, text, 1, 'RU', WHITE, BLACK


def army(rng, text=None):
    main, code = (text[:6], text[6:]) if text else (digits(rng, 4) + letters(rng, 2), region(rng)[:2])
    sheet, text = _one_row(rng, main, code, rus=False)
    return sheet, text, 1, 'RU', BLACK, WHITE


def police(rng, text=None):
    main, code = (text[:5], text[5:]) if text else (letters(rng, 1) + digits(rng, 4), region(rng))
    sheet, text = _one_row(rng, main, code)
    return sheet, text, 1, 'RU', BLUE, WHITE


def diplomatic(rng, text=None):
    state = f'{rng.integers(1, 170):03d}'
    if rng.random() < .4:
        main = state + 'CD' + digits(rng, 1)
    else:
        main = state + str(rng.choice(['D', 'T'])) + digits(rng, 3)
    sheet, text = _one_row(rng, main, region(rng))
    return sheet, text, 1, 'RU', RED, WHITE


def transit(rng, text=None):
    main, code = letters(rng, 2) + digits(rng, 3) + letters(rng, 1), region(rng)
    sheet, text = _one_row(rng, main, code, line=rng.random() < .5)
    return sheet, text, 1, 'RU', (225, 222, 210), BLACK


def motorcycle(rng, text=None):
    """Types 4 (190 × 145) and 3 (288 × 206): four digits above, two letters and the region below."""
    main, code = (text[:6], text[6:]) if text else (digits(rng, 4) + letters(rng, 2), region(rng))
    width, height = (190, 145) if rng.random() < .6 else (288, 206)
    sheet, style = Sheet(width, height), Style(rng)
    sheet.box(2, 2, width - 3, height - 3, rng.uniform(2, 4), 6)
    style.row(sheet, main[:4], width * .06, width * .94, height * .5, height * .40, height * .36)
    edge = width * rng.uniform(.5, .56)
    style.row(sheet, main[4:], width * .07, edge, height * .93, height * .36, height * .34)
    pitch = min(width * .2, (width * .97 - edge) / len(code))
    for i, char in enumerate(code):
        style.centred(sheet, char, (edge + width * .96) / 2 + pitch * (i - (len(code) - 1) / 2), height * .84, height * .27, .92)
    _small_rus(style, sheet, edge + 3, width * .95, height * .95, height * .08, rng)
    return sheet, main + code, 2, 'RU', WHITE, BLACK


# --- other countries: their fonts by look-alikes --------------------------------------------------------------------------


def _generic_row(rng, sheet, text, x0, x1, bottom, height, path, spread=None, emblem=None, squeeze=None):
    """Characters of a font between x0 and x1; a blank is a gap, `emblem` says what may stand in it."""
    squeeze = squeeze or rng.uniform(.78, 1.05)
    masks = []
    bold = int(rng.integers(0, 3)) if rng.random() < .5 else 0
    for char in text:
        if char == ' ':
            masks.append(None)
            continue
        mask = glyphs.font(path, char, height)
        if squeeze != 1:
            mask = cv2.resize(mask, (max(2, round(mask.shape[1] * squeeze)), height), interpolation=cv2.INTER_AREA)
        if bold and mask.shape[1] > 6:
            mask = cv2.dilate(mask, np.ones((1 + bold, 1 + bold), np.uint8))
        masks.append(mask)
    gap_w = height * rng.uniform(.25, .75) if emblem is None else height * rng.uniform(.45, .8)
    ink = sum(gap_w if m is None else m.shape[1] for m in masks)
    pad = height * rng.uniform(.08, .22)
    total = ink + pad * (len(masks) - 1)
    scale = min(1, (x1 - x0) / total)
    x = x0 + (x1 - x0 - total * scale) / 2 if rng.random() < .8 else x0 + (x1 - x0 - total * scale) * rng.random()
    for mask in masks:
        if mask is None:
            _gap(rng, sheet, x, gap_w * scale, bottom, height, emblem)
            x += (gap_w + pad) * scale
            continue
        if scale < 1:
            mask = cv2.resize(mask, (max(2, round(mask.shape[1] * scale)), height), interpolation=cv2.INTER_AREA)
        sheet.put(mask, x, bottom - height)
        x += mask.shape[1] + pad * scale


def _gap(rng, sheet, x, width, bottom, height, emblem):
    """What stands between groups: nothing, a dash, a dot, a coat of arms, stickers of inspections."""
    kind = emblem or rng.choice(['', '-', '.', 'arms', 'stickers'], p=[.45, .22, .08, .12, .13])
    cx = x + width / 2
    if kind == '-':
        h = max(2, round(height * rng.uniform(.09, .16)))
        sheet.put(np.ones((h, max(3, round(width * .62))), np.float32), cx - width * .31, bottom - height * rng.uniform(.45, .58))
    elif kind == '.':
        r = max(2, round(height * rng.uniform(.05, .1)))
        canvas = np.zeros((2 * r + 3, 2 * r + 3), np.uint8)
        cv2.circle(canvas, (r + 1, r + 1), r, 255, -1, cv2.LINE_AA)
        sheet.put(canvas.astype(np.float32) / 255, cx - r, bottom - height * rng.choice([.12, .5]) - r)
    elif kind == 'arms':
        _arms(rng, sheet, cx, bottom - height * rng.uniform(.4, .6), height * rng.uniform(.18, .34))
    elif kind == 'stickers':
        r = height * rng.uniform(.14, .24)
        middle = bottom - height / 2
        for cy in ((middle - r * 1.15, middle + r * 1.15) if rng.random() < .75 else (middle + rng.choice([-1, 1]) * r,)):
            _seal(rng, sheet, cx, cy, r)


def _arms(rng, sheet, cx, cy, r):
    """A small shield in two or three fields."""
    x0, y0, x1, y1 = cx - r * .85, cy - r, cx + r * .85, cy + r
    top, low = rng.integers(30, 230, 3), rng.integers(30, 230, 3)
    middle = cy + r * rng.uniform(-.4, .4)
    sheet.fill(max(x0, 0), max(y0, 0), x1, middle, tuple(int(v) for v in top))
    sheet.fill(max(x0, 0), max(middle, 0), x1, y1, tuple(int(v) for v in low))


def _seal(rng, sheet, cx, cy, r):
    size = max(4, int(2 * r))
    colour = np.array(rng.choice([[40, 120, 60], [200, 120, 30], [180, 60, 60], [40, 80, 160], [150, 150, 150], [210, 200, 60]]), np.float32)
    patch = np.full((size, size, 3), 236, np.float32)
    yy, xx = np.mgrid[:size, :size]
    d = np.hypot(yy - size / 2 + .5, xx - size / 2 + .5)
    patch[d < r] = colour
    patch[d < r * .55] = colour * .4 + rng.uniform(60, 150)
    x, y = int(cx - r), int(cy - r)
    if x >= 0 and y >= 0:
        sheet.fill(x, y, x + size, y + size, patch)


def _band(rng, sheet, width, height, code, colour=(20, 50, 150)):
    """The strip at the left with the country's letters; returns where it ends."""
    w = round(rng.uniform(.06, .105) * width) if width > 350 else round(width * rng.uniform(.09, .14))
    inset = int(rng.choice([0, 3, 3, 6]))
    sheet.fill(inset, inset, w, height - inset, colour)
    path = glyphs.fonts()[0]
    h = max(7, int(height * .2))
    mask = glyphs.line(path, code, h) if code else None
    if mask is not None and mask.shape[1] < w * 1.6:
        mask = cv2.resize(mask, (min(mask.shape[1], w - 6), min(mask.shape[0], int(height * .3))), interpolation=cv2.INTER_AREA)
        patch = np.empty(mask.shape + (3,), np.float32)
        patch[:] = colour
        patch += (np.array([240, 240, 240], np.float32) - patch) * mask[..., None]
        x = 3 + (w - 3 - mask.shape[1]) // 2
        sheet.fill(x, round(height * .62), x + mask.shape[1], round(height * .62) + mask.shape[0], patch)
    if rng.random() < .8:
        cx, cy, r = (3 + w) / 2, height * .3, min(w * .3, height * .17)
        for k in range(12):
            x, y = cx + r * np.sin(k * np.pi / 6), cy - r * np.cos(k * np.pi / 6)
            s = max(1, r * .13)
            sheet.fill(x - s, y - s, x + s + 1, y + s + 1, (240, 210, 60))
    return w


# How often, instead of a strip, arms or a flag and the country's letters stand on the plate's own ground.
EMBLEMS = {'SK': .5, 'UA': .45, 'BY': .85, 'KZ': .9, 'CZ': .05, 'PL': .15, 'DE': .02, '': .2}


def _emblem(rng, sheet, width, height, code):
    """Arms or a flag at the left and the country's letters under it; returns where it ends."""
    w = height * rng.uniform(.26, .48)
    x0 = rng.uniform(5, 16)
    cx, middle = x0 + w / 2, height * rng.uniform(.24, .42)
    if rng.random() < .5:
        r = w * rng.uniform(.3, .5)
        _shield(rng, sheet, cx, middle, r)
    else:
        flag_w, flag_h = w * rng.uniform(.7, 1), height * rng.uniform(.16, .3)
        stripes = int(rng.integers(2, 4))
        for i in range(stripes):
            colour = tuple(int(v) for v in rng.choice([[245, 245, 245], [20, 60, 170], [200, 30, 30], [240, 210, 40], [20, 120, 60], [0, 130, 160]]))
            sheet.fill(cx - flag_w / 2, middle - flag_h / 2 + flag_h * i / stripes, cx + flag_w / 2, middle - flag_h / 2 + flag_h * (i + 1) / stripes, colour)
        sheet.box(cx - flag_w / 2, middle - flag_h / 2, cx + flag_w / 2, middle + flag_h / 2, 1)
    if rng.random() < .9:
        mask = glyphs.line(glyphs.fonts()[rng.integers(len(glyphs.fonts()))], code, max(8, int(height * rng.uniform(.13, .24))))
        if mask.shape[1] > w:
            mask = cv2.resize(mask, (max(4, int(w)), mask.shape[0]), interpolation=cv2.INTER_AREA)
        sheet.put(mask, cx - mask.shape[1] / 2, height * rng.uniform(.6, .68))
    return x0 + w + rng.uniform(2, 9)


def _shield(rng, sheet, cx, cy, r):
    """A coat of arms as a camera sees it: a dark outline, something light in it."""
    size = max(8, int(2.4 * r))
    patch = np.full((size, size, 3), 236, np.float32)
    points = np.array([(.08, .05), (.92, .05), (.92, .55), (.75, .8), (.5, .97), (.25, .8), (.08, .55)]) * size
    cv2.fillPoly(patch, [points.astype(np.int32)], tuple(int(v) for v in rng.integers(20, 190, 3)))
    ink = tuple(int(v) for v in rng.integers(120, 255, 3))
    for _ in range(int(rng.integers(1, 4))):
        a, b = rng.uniform(.2, .8, 2) * size, rng.uniform(.15, .8, 2) * size
        cv2.line(patch, tuple(int(v) for v in a), tuple(int(v) for v in b), ink, max(1, size // 9), cv2.LINE_AA)
    if rng.random() < .5:
        cv2.polylines(patch, [points.astype(np.int32)], True, (30, 30, 30), max(1, size // 14), cv2.LINE_AA)
    x, y = int(cx - size / 2), int(cy - size / 2)
    if x >= 0 and y >= 0:
        sheet.fill(x, y, x + size, y + size, patch)


def _pattern(rng, pattern, alphabet=LATIN):
    """`L` a letter, `N` a digit, `X` either, a blank a gap, everything else itself."""
    out = []
    for char in pattern:
        if char == 'L':
            out.append(letters(rng, 1, alphabet))
        elif char == 'N':
            out.append(digits(rng, 1))
        elif char == 'X':
            out.append(letters(rng, 1, alphabet) if rng.random() < .35 else digits(rng, 1))
        else:
            out.append(char)
    return ''.join(out)


# country: (letters of the strip, patterns, alphabet, what stands in the first gap)
COUNTRIES = {
    'SK': ('SK', ['LL NNNLL', 'LL NNNLL', 'LL NNNLL', 'LL NNLLL'], 'ABCDEFGHIJKLMNOPRSTUVXYZ', ['arms', 'arms', '-', 'stickers']),
    'CZ': ('CZ', ['NLN NNNN', 'NLN NNNN', 'NLL NNNN', 'LL NNNN', 'LLL NN NN'], 'ABCDEFHIJKLMNPRSTUVXYZ', ['stickers', 'stickers', 'stickers', '', '-']),
    'DE': ('D', ['L LL NNNN', 'LL LL NNN', 'LLL LL NNN', 'L L NNN', 'LL L NNNN', 'LL LL NN'], 'ABCDEFGHIJKLMNOPRSTUVWXYZ', ['stickers', 'stickers', 'stickers', 'arms']),
    'PL': ('PL', ['LL NNNNN', 'LLL NNNN', 'LL NNNNL', 'LLL LNNN', 'LL NNNLL', 'LLL NNLN'], 'ABCDEFGHIJKLMNOPRSTUVWXYZ', ['', '', 'stickers', 'arms']),
    'FI': ('FIN', ['LLL NNN', 'LLL NN', 'LL NNN'], 'ABCEFGHIJKLMNORSTUVXYZ', ['-', '-', '']),
    'LT': ('LT', ['LLL NNN'], 'ABCDEFGHJKLMNOPRSTUVZ', ['stickers', '', 'arms']),
    'LV': ('LV', ['LL NNNN', 'LL NNN'], 'ABCDEFGHIJKLMNOPRSTUVZ', ['-', '', '-']),
    'EE': ('EST', ['NNN LLL'], 'ABDEFGHIJKLMNOPRSTUVXYZ', ['', '']),
    'RO': ('RO', ['LL NN LLL', 'B NNN LLL', 'B NN LLL'], 'ABCDEFGHIJKLMNOPRSTUVWXYZ', ['', '', '']),
    'UA': ('UA', ['LL NNNN LL', 'LL NNNN LL', 'NNNNN LL', 'NNN NN LL'], 'ABCEHIKMOPTX', ['', '', '', '']),
    'BY': ('BY', ['NNNN LL-N', 'NNNN LL-N', 'LLNNNN-N'], 'ABEIKMHOPCTX', ['', '']),
    'KZ': ('KZ', ['NNN LLL NN', 'NNN LLL NN', 'NNN LL NN'], LATIN, ['', '']),
    '': ('', [], LATIN, ['']),
}
# What a sign between two groups is written as: `-` is a dash of the pattern.
RANDOM_GROUPS = ['LLL NNN', 'LLL NNN', 'NNN LLL', 'LL NNNN', 'NNNN LL', 'LLL NNNN', 'LLL NNNN', 'NNNN LLL', 'LL NN LL', 'LLNN LLL', 'L NNN LL', 'NN LLL NN',
                 'LL NNN LL', 'LL NN LLL', 'NNN LL', 'LLNNNNN', 'LLL NN NN', 'L NNNN', 'NNNN L', 'NN NNNN', 'LNNNNLL', 'NNNNN', 'NNNNNN', 'LLLL NNN', 'LLL NN', 'L NNNNN',
                 'LLL NNNL', 'LLNNNLN', 'LL NNNNN', 'NNN LLLL', 'XXX XXX', 'XXXXXXX']


def _fill(rng, pattern, alphabet):
    return _pattern(rng, pattern.replace('-', '\0'), alphabet).replace('\0', '-')


def foreign(rng, country=None):
    """A plate of one of COUNTRIES, or of none."""
    if country is None:
        country = str(rng.choice(list(COUNTRIES), p=_FOREIGN_SHARE))
    strip, patterns, alphabet, gaps = COUNTRIES[country]
    # Some alphabets leave out what is mistaken for digits; those of no country do so half of the time.
    if not country and rng.random() < .4:
        alphabet = alphabet.replace('O', '').replace('I', '').replace('Q', '')
    pattern = patterns[rng.integers(len(patterns))] if patterns else RANDOM_GROUPS[rng.integers(len(RANDOM_GROUPS))]
    text = _fill(rng, pattern, alphabet)
    if rng.random() < .15 and not country:
        text = text.replace(' ', '')
    groups = text.split(' ')
    two_rows = len(groups) >= 2 and rng.random() < {'UA': .35, 'BY': .1, 'KZ': .15, 'DE': .1}.get(country, .10 if not country else .05)
    path = glyphs.fonts()[rng.integers(len(glyphs.fonts()))]
    ground, ink = _scheme(rng, country)
    if two_rows:
        sheet = _two_rows(rng, groups, path, strip)
    else:
        sheet = _long(rng, text.replace('-', ' ') if country == 'BY' else text, path, strip, country, gaps)
    return sheet, text.replace(' ', '').replace('-', ''), 2 if two_rows else 1, country, ground, ink


_FOREIGN_SHARE = np.array([.17, .11, .08, .06, .03, .03, .03, .03, .06, .12, .03, .03, .22])
assert abs(_FOREIGN_SHARE.sum() - 1) < 1e-9 and len(_FOREIGN_SHARE) == len(COUNTRIES)


def _scheme(rng, country):
    if not country and rng.random() < .4:
        if rng.random() < .5:
            return tuple(rng.integers(140, 250, 3).astype(float)), tuple(rng.integers(0, 90, 3).astype(float))
        return tuple(rng.integers(0, 90, 3).astype(float)), tuple(rng.integers(170, 255, 3).astype(float))
    if rng.random() < .05:
        return YELLOW, BLACK
    return WHITE, BLACK if rng.random() < .9 else (20, 70, 40)


def _long(rng, text, path, strip, country, gaps):
    width = int(rng.choice([520, 520, 520, 520, 340, 400, 440]))
    height = int(rng.integers(104, 120)) if width == 520 else int(rng.integers(105, 165))
    sheet = Sheet(width, height)
    if rng.random() < .8:
        sheet.box(3, 3, width - 4, height - 4, rng.uniform(1.5, 4.5), rng.uniform(4, 12))
    left = 12.
    if rng.random() < EMBLEMS.get(country, .12):
        left = _emblem(rng, sheet, width, height, strip or letters(rng, int(rng.integers(1, 4)), LATIN))
    elif (strip and rng.random() < .88) or (not strip and rng.random() < .3):
        # New, or faded by the sun.
        colour = tuple(int(v) for v in np.array((20, 50, 150)) * rng.uniform(.7, 1.5)) if rng.random() < .85 else tuple(int(v) for v in rng.integers(20, 200, 3))
        left = _band(rng, sheet, width, height, strip or letters(rng, int(rng.integers(1, 4)), LATIN), colour) + 6
    top = 0
    if not country and rng.random() < .45:
        top = _header(rng, sheet, width, height, path)
    room = height - top
    tall = int(room * rng.uniform(.56, .80))
    bottom = top + (room + tall) / 2 + rng.uniform(-2, 2)
    first_gap = str(gaps[rng.integers(len(gaps))]) if country else None
    margin = rng.uniform(4, 26)
    if first_gap:
        head, _, tail = text.partition(' ')
        text = head + ' ' + tail
    _generic_row(rng, sheet, text, left + margin * .5, width - 8 - margin, bottom, tall, path, emblem=first_gap)
    return sheet


def _header(rng, sheet, width, height, path):
    """Small print above the number, e.g. a town or a state; returns its lower edge."""
    words = ' '.join(letters(rng, int(rng.integers(2, 9)), LATIN) for _ in range(int(rng.integers(1, 4))))
    if rng.random() < .5:
        words = words[:2] + ' - ' + words[3:]
    h = max(7, int(height * rng.uniform(.09, .17)))
    mask = glyphs.line(path, words, h)
    limit = int(width * .8)
    if mask.shape[1] > limit:
        mask = cv2.resize(mask, (limit, mask.shape[0]), interpolation=cv2.INTER_AREA)
    sheet.put(mask, (width - mask.shape[1]) * rng.uniform(.3, .7), rng.uniform(6, 11))
    return h + 9


def _two_rows(rng, groups, path, strip):
    width, height = [(290, 170), (240, 180), (190, 145), (280, 200), (220, 160)][rng.integers(5)]
    sheet = Sheet(width, height)
    if rng.random() < .8:
        sheet.box(3, 3, width - 4, height - 4, rng.uniform(1.5, 4), rng.uniform(4, 14))
    left = 8.
    if strip and rng.random() < .5:
        left = _band(rng, sheet, width, height, strip) + 4
    cut = 1 if len(groups) == 2 or rng.random() < .5 else 2
    tall = int(height * rng.uniform(.33, .41))
    for row, bottom in ((groups[:cut], height * rng.uniform(.46, .5)), (groups[cut:], height * rng.uniform(.91, .95))):
        text = ''.join(row) if rng.random() < .5 else ' '.join(row)
        _generic_row(rng, sheet, text.replace('-', ' '), left + 4, width - 10, bottom, tall, path, emblem='' if rng.random() < .6 else None)
    return sheet


# --- wear -----------------------------------------------------------------------------------------------------------------


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


KINDS = {'car': car, 'car_square': car_square, 'taxi': taxi, 'trailer': trailer, 'army': army, 'police': police, 'diplomatic': diplomatic,
         'transit': transit, 'motorcycle': motorcycle, 'foreign': foreign}
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
