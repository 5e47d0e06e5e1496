"""What holds a plate: nothing, a frame, a frame with a dealer's words under it."""
import cv2
import numpy as np

import glyphs
from . import words

FRAME_TONES = [(22, 22, 24), (22, 22, 24), (35, 35, 38), (150, 152, 155), (210, 212, 215), (30, 45, 90)]


def mounted(rng, plate):
    """A picture of the plate in its holder, RGB, and the plate's corners in it; millimetres are pixels."""
    image = plate.image
    h, w = image.shape[:2]
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float64)
    if rng.random() < .38:
        return image, corners
    side, top = int(rng.uniform(3, 14)), int(rng.uniform(3, 12))
    low = int(rng.uniform(4, 12)) if rng.random() < .4 else int(rng.uniform(14, 34))
    tone = FRAME_TONES[rng.integers(len(FRAME_TONES))]
    out = np.empty((h + top + low, w + 2 * side, 3), np.uint8)
    out[:] = tone
    if low >= 14 and rng.random() < .8:
        mask = glyphs.line(words.font(rng), words.dealer(rng), int(low * rng.uniform(.5, .75)))
        mask = mask[:low - 2, :w]
        ink = np.array((235, 235, 235) if sum(tone) < 380 else (30, 30, 35), np.float32)
        if rng.random() < .2:
            ink = rng.uniform(120, 255, 3) if sum(tone) < 380 else rng.uniform(0, 120, 3)
        x, y = (out.shape[1] - mask.shape[1]) // 2, h + top + (low - mask.shape[0]) // 2
        area = out[y:y + mask.shape[0], x:x + mask.shape[1]]
        area[:] = (area + (ink - area) * mask[..., None]).astype(np.uint8)
    out[top:top + h, side:side + w] = image
    lip = int(rng.choice([0, 0, rng.uniform(1, 5)]))
    if lip:
        cv2.rectangle(out, (side, top), (side + w - 1, top + h - 1), tone, lip)
    return out, corners + (side, top)
