"""Characters as coverage masks: the GOST shapes drawn as strokes of our own, all others from free fonts.

A mask is float32, 0..1, cropped to its ink, `height` pixels high. The GOST shapes follow the look of plates by GOST R 50577
(a grotesque of even strokes); no font file of them is used or shipped.
"""
import functools
import glob
import os

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

# Supersampling when strokes are drawn.
FINE = 4
# Where free fonts lie: Debian's packages and, unpacked, the npm packages that README.md names.
FONT_FOLDERS = ['/usr/share/fonts', os.environ.get('PLATE_FONTS', '')]


def _arc(cx, cy, rx, ry, a0, a1, n=14):
    t = np.radians(np.linspace(a0, a1, n))
    return [(cx + rx * np.cos(v), cy + ry * np.sin(v)) for v in t]


def _round_rect(x0, y0, x1, y1, r):
    """A closed outline with corners of radius r, clockwise from the top left."""
    return (_arc(x0 + r, y0 + r, r, r, 180, 270, 7) + _arc(x1 - r, y0 + r, r, r, 270, 360, 7)
            + _arc(x1 - r, y1 - r, r, r, 0, 90, 7) + _arc(x0 + r, y1 - r, r, r, 90, 180, 7) + [(x0, y0 + r)])


# Centre lines of the strokes in a box 0..1 by 0..1 (x right, y down).
STROKES = {
    '0': [_round_rect(0, 0, 1, 1, .42)],
    '1': [[(.15, .28), (.68, 0), (.68, 1)]],
    '2': [_arc(.5, .3, .5, .3, 190, 375, 16) + [(0, 1), (1, 1)]],
    '3': [[(.04, 0), (.95, 0), (.48, .4)], _arc(.42, .69, .56, .31, -75, 150, 18)],
    '4': [[(.62, 0), (0, .74), (1, .74)], [(.72, .42), (.72, 1)]],
    '5': [[(.93, 0), (.15, 0), (.06, .46)], _arc(.44, .68, .54, .32, -130, 145, 20)],
    '6': [[(.62, 0), (.06, .6)], _arc(.5, .68, .5, .32, 0, 360, 26)],
    '7': [[(0, 0), (1, 0), (.36, 1)]],
    '8': [_arc(.5, .24, .42, .24, 0, 360, 24), _arc(.5, .73, .5, .27, 0, 360, 24)],
    '9': [[(.38, 1), (.94, .4)], _arc(.5, .32, .5, .32, 0, 360, 26)],
    'A': [[(0, 1), (.5, 0), (1, 1)], [(.2, .68), (.8, .68)]],
    'B': [[(0, 0), (0, 1)], [(0, 0)] + _arc(.62, .23, .33, .23, -90, 90) + [(0, .46)],
          [(0, .46)] + _arc(.66, .73, .34, .27, -90, 90) + [(0, 1)]],
    'C': [_arc(.52, .4, .5, .4, -18, -165, 14) + _arc(.52, .6, .5, .4, 165, 18, 14)],
    'D': [[(0, 0), (0, 1)], [(0, 0)] + _arc(.45, .5, .55, .5, -90, 90) + [(0, 1)]],
    'E': [[(.95, 0), (0, 0), (0, 1), (.97, 1)], [(0, .48), (.85, .48)]],
    'H': [[(0, 0), (0, 1)], [(1, 0), (1, 1)], [(0, .48), (1, .48)]],
    'K': [[(0, 0), (0, 1)], [(.96, 0), (.03, .58)], [(.33, .4), (1, 1)]],
    'M': [[(0, 1), (.02, 0), (.5, .72), (.98, 0), (1, 1)]],
    'O': [_round_rect(0, 0, 1, 1, .46)],
    'P': [[(0, 1), (0, 0)], [(0, 0)] + _arc(.66, .28, .34, .28, -90, 90) + [(0, .56)]],
    'R': [[(0, 1), (0, 0)], [(0, 0)] + _arc(.66, .27, .34, .27, -90, 90) + [(0, .54)], [(.5, .54), (1, 1)]],
    'S': [_arc(.5, .26, .46, .26, -20, -200, 14) + _arc(.5, .74, .5, .26, -60, 165, 16)],
    'T': [[(0, 0), (1, 0)], [(.5, 0), (.5, 1)]],
    'U': [[(0, 0), (0, .6)] + _arc(.5, .62, .5, .38, 180, 0, 14) + [(1, 0)]],
    'X': [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
    'Y': [[(0, 0), (.52, .6)], [(1, 0), (.42, 1), (.12, 1)]],
}
# Widths of the ink against its height; the letters of a plate are lower and therefore relatively wider.
GOST_DIGIT = .60
GOST_LETTER = {'A': .92, 'M': .95, 'X': .88, 'K': .86, 'Y': .86, 'T': .80, 'O': .78, 'H': .78, 'C': .78, 'B': .80,
               'P': .78, 'E': .74, 'D': .80, 'R': .82, 'S': .8, 'U': .8}


@functools.lru_cache(20000)
def gost(char, height, weight=.14, width=1.0):
    """A GOST character: `weight` is the stroke in heights, `width` a factor on the usual width."""
    ratio = (GOST_DIGIT if char.isdigit() else GOST_LETTER[char]) * width
    h, thick = height * FINE, max(1, round(weight * height * FINE))
    w = round(h * ratio)
    canvas = np.zeros((h, w), np.uint8)
    inner_w, inner_h, half = w - thick, h - thick, thick / 2
    for line in STROKES[char]:
        points = np.array([(x * inner_w + half, y * inner_h + half) for x, y in line])
        cv2.polylines(canvas, [np.round(points * 8).astype(np.int32)], False, 255, thick, cv2.LINE_AA, 3)
    return _coverage(cv2.resize(canvas, (max(1, round(w / FINE)), height), interpolation=cv2.INTER_AREA))


def _coverage(mask):
    return mask.astype(np.float32) / 255


@functools.lru_cache(1)
def fonts():
    """Paths of upright fonts that resemble some plate's, bold enough to be stamped."""
    wanted = ('OSP-DIN', 'RG2014', 'NationalPark-Heavy', 'NationalPark-Regular', 'B612', 'LiberationSans', 'LiberationMono-Bold', 'Roboto-Medium',
              'Roboto-Bold', 'RobotoCondensed', 'NimbusSans', 'NimbusMonoPS-Bold', 'FreeSans', 'FreeMonoBold', 'DejaVuSans', 'URWGothic-Demi')
    refused = ('Italic', 'Oblique', 'BdIta', 'Outline', '.t1', '.pfb', 'Light', 'ExtraLight', 'Thin', 'DejaVuSans.ttf', 'Math')
    found = []
    for path in sorted(glob.glob(FONT_FOLDERS[0] + '/**/*.*tf', recursive=True)):
        name = os.path.basename(path)
        if name.startswith(wanted) and not any(part in name for part in refused):
            found.append(path)
    if FONT_FOLDERS[1]:
        for weight in (400, 500, 600, 700):
            found += sorted(glob.glob(f'{FONT_FOLDERS[1]}/**/*-latin-{weight}-normal.woff', recursive=True))
    if not found:
        raise SystemExit('no fonts: install the packages that README.md names')
    return found


@functools.lru_cache(4000)
def _face(path, size):
    return ImageFont.truetype(path, size)


@functools.lru_cache(60000)
def font(path, char, height):
    """A character of a font file, its capital height scaled to `height`, cropped at the sides, not above."""
    face = _face(path, 100)
    cap = face.getbbox('H')
    size = max(4, round(100 * height / max(1, cap[3] - cap[1])))
    face = _face(path, size)
    top = face.getbbox('H')[1]
    left, _, right, _ = face.getbbox(char)
    image = Image.new('L', (max(1, right - left), height), 0)
    ImageDraw.Draw(image).text((-left, -top), char, 255, font=face)
    return np.asarray(image, np.float32) / 255


@functools.lru_cache(5000)
def line(path, text, height):
    """A line of small print."""
    face = _face(path, max(5, round(height * 1.3)))
    left, top, right, bottom = face.getbbox(text)
    image = Image.new('L', (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(image).text((-left, -top), text, 255, font=face)
    return np.asarray(image, np.float32) / 255
