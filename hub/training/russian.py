"""Russian plates, by the layouts of GOST R 50577 (1993 and 2018). Each maker gives the sheet, the text in Latin twins, its rows, country, ground and ink."""
import cv2
import numpy as np

import glyphs
from sheet import BLACK, BLUE, RED, WHITE, YELLOW, Sheet, digits, letters

LETTERS = 'ABEKMHOPCTYX'
REGIONS = ('01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 '
           '44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 82 83 86 87 89 92 95 96 98 '
           '99 102 113 116 121 122 123 124 125 126 134 136 138 142 147 150 152 154 156 159 161 163 164 173 174 176 177 178 180 186 190 193 196 197 198 '
           '199 250 252 277 299 550 702 716 725 750 754 761 763 774 777 790 797 799 977').split()


def region(rng):
    if rng.random() < .75:
        return REGIONS[rng.integers(len(REGIONS))]
    return f'{rng.integers(1, 100):02d}' if rng.random() < .6 else f'{rng.choice([1, 1, 1, 2, 7, 7, 9])}{rng.integers(0, 100):02d}'


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


def car(rng, text=None):
    if text:
        main, code = text[:6], text[6:]
    else:
        main, code = letters(rng, 1, LETTERS) + _number(rng, 3) + letters(rng, 2, LETTERS), region(rng)
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
    main, code = (text[:6], text[6:]) if text else (letters(rng, 1, LETTERS) + _number(rng, 3) + letters(rng, 2, LETTERS), region(rng))
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
    main, code = (text[:5], text[5:]) if text else (letters(rng, 2, LETTERS) + digits(rng, 3), region(rng))
    sheet, text = _one_row(rng, main, code)
    return sheet, text, 1, 'RU', YELLOW, BLACK


def trailer(rng, text=None):
    main, code = (text[:6], text[6:]) if text else (letters(rng, 2, LETTERS) + digits(rng, 4), region(rng))
    sheet, text = _one_row(rng, main, code)
    return sheet, text, 1, 'RU', WHITE, BLACK


def army(rng, text=None):
    main, code = (text[:6], text[6:]) if text else (digits(rng, 4) + letters(rng, 2, LETTERS), region(rng)[:2])
    sheet, text = _one_row(rng, main, code, rus=False)
    return sheet, text, 1, 'RU', BLACK, WHITE


def police(rng, text=None):
    main, code = (text[:5], text[5:]) if text else (letters(rng, 1, LETTERS) + digits(rng, 4), region(rng))
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
    main, code = letters(rng, 2, LETTERS) + digits(rng, 3) + letters(rng, 1, LETTERS), region(rng)
    sheet, text = _one_row(rng, main, code, line=rng.random() < .5)
    return sheet, text, 1, 'RU', (225, 222, 210), BLACK


def motorcycle(rng, text=None):
    """Types 4 (190 × 145) and 3 (288 × 206): four digits above, two letters and the region below."""
    main, code = (text[:6], text[6:]) if text else (digits(rng, 4) + letters(rng, 2, LETTERS), region(rng))
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
