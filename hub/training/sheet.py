"""What plates are drawn on, 1 pixel a millimetre, and with: ink over a ground, colours on top, characters at random."""
import cv2
import numpy as np

import glyphs

LATIN = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
WHITE, YELLOW, BLUE, RED, BLACK = (236, 238, 240), (250, 200, 20), (30, 60, 160), (190, 30, 35), (25, 25, 28)


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


def digits(rng, n):
    return ''.join(str(rng.integers(10)) for _ in range(n))


def letters(rng, n, of):
    return ''.join(of[rng.integers(len(of))] for _ in range(n))
