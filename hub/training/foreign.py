"""Plates of neighbours and of Europe, by their looks, in fonts that resemble theirs; and of no country at all, groups of characters at
random, so that a reader learns characters and not formats.
"""
import cv2
import numpy as np

import glyphs
from sheet import BLACK, LATIN, WHITE, YELLOW, Sheet, digits, letters

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
    """`L` a letter, `S` one of Poland's series, `N` a digit, `X` either, a blank a gap, everything else itself."""
    out = []
    for char in pattern:
        if char == 'L':
            out.append(letters(rng, 1, alphabet))
        elif char == 'S':
            out.append(letters(rng, 1, POLISH_SERIES))
        elif char == 'N':
            out.append(digits(rng, 1))
        elif char == 'X':
            out.append(letters(rng, 1, alphabet) if rng.random() < .35 else digits(rng, 1))
        else:
            out.append(char)
    return ''.join(out)


# Without what looks like a digit.
POLISH_SERIES = 'ACEFGHJKLMNPRSTUVWXY'
# country: (letters of the strip, patterns, alphabet, what stands in the first gap)
COUNTRIES = {
    'SK': ('SK', ['LL NNNLL', 'LL NNNLL', 'LL NNNLL', 'LL NNLLL'], 'ABCDEFGHIJKLMNOPRSTUVXYZ', ['arms', 'arms', '-', 'stickers']),
    'CZ': ('CZ', ['NLN NNNN', 'NLN NNNN', 'NLL NNNN', 'LL NNNN', 'LLL NN NN'], 'ABCDEFHIJKLMNPRSTUVXYZ', ['stickers', 'stickers', 'stickers', '', '-']),
    'DE': ('D', ['L LL NNNN', 'LL LL NNN', 'LLL LL NNN', 'L L NNN', 'LL L NNNN', 'LL LL NN'], 'ABCDEFGHIJKLMNOPRSTUVWXYZ', ['stickers', 'stickers', 'stickers', 'arms']),
    'PL': ('PL', ['LL NNNNN', 'LLL NNNN', 'LL NNNNS', 'LLL SNNN', 'LL NNNSS', 'LLL NNSN'], 'ABCDEFGHIJKLMNOPRSTUVWXYZ', ['', '', 'stickers', 'arms']),
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
