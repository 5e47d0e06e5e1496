"""The camera: light of the hour, lamps' bloom, weather, lens, shutter, sensor, file. RGB uint8 in and out."""
import functools
from dataclasses import dataclass, replace

import cv2
import numpy as np

from .light import DAY, DUSK, INFRARED, NIGHT, OVERCAST

# Mean brightness that cameras aim at, by the hour.
EXPOSURE = {DAY: 122., OVERCAST: 122., DUSK: 85., NIGHT: 48., INFRARED: 62.}
# The paper of a plate comes to this at most.
BRIGHTEST = 250.
# Noise is drawn once and laid at random places.
NOISE_SIZE = (900, 1600)


@dataclass(frozen=True)
class Lens:
    """One camera's habits: the same for all frames it takes. Lengths in pixels."""
    blur: float
    vignette: float
    gain: float
    gamma: float
    lift: float
    grain: float
    coarse: bool
    quality: int
    sharpen: float
    cast: tuple
    gray: bool

    def metered(self, frame, wanted, quads=()):
        """The gain that brings the frame's mean near `wanted`, as cameras do by themselves, without burning out the plates."""
        gain = self.gain * float(np.clip(wanted / max(float(frame[::8, ::8].mean()), 4.), .5, 4.))
        for quad in quads:
            (x0, y0), (x1, y1) = (np.maximum(np.round(v).astype(int), 0) for v in (quad.min(0), quad.max(0)))
            part = frame[y0:y1, x0:x1]
            if part.size:
                gain = min(gain, BRIGHTEST / max(float(np.percentile(part, 85)), 1.))
        return gain

    def within(self, narrowest):
        """The same, its blur such that a plate of so many pixels can still be told from its surroundings."""
        return replace(self, blur=self.blur * min(max(narrowest / 90, .45), 1.8))


def make(rng, light, clean=False):
    """`clean`: a good camera, well set, that compresses nothing."""
    dark = light.kind in (NIGHT, INFRARED)
    calm = .25 if clean else 1.
    return Lens(blur=float(abs(rng.normal(0, .75)) * calm), vignette=float(rng.choice([0, rng.uniform(0, .45)]) * calm), gain=float(np.exp(rng.normal(.0, .2 * calm))),
                gamma=float(np.exp(rng.normal(0, .25 * calm))), lift=float(max(0, rng.normal(0, 14 * calm))), grain=float(abs(rng.normal(0, 4.5)) * calm + (rng.uniform(0, 9) * calm if dark else 0)),
                coarse=rng.random() < .4, quality=95 if clean else int(np.clip(rng.normal(82, 22), 28, 95)), sharpen=float(rng.choice([0, 0, rng.uniform(.3, 1.5)]) * calm),
                cast=tuple(1 + rng.normal(0, .05 * calm, 3)), gray=light.kind == INFRARED or rng.random() < .03)


@functools.lru_cache(None)
def _noise(coarse):
    fine = np.random.default_rng(5).standard_normal(NOISE_SIZE, np.float32)
    return cv2.GaussianBlur(fine, (0, 0), .8) * 1.8 if coarse else fine


def take(rng, frame, lens, move=(0., 0.)):
    """What the camera makes of a frame; `move` is the motion during the exposure, in pixels."""
    if lens.blur > .25:
        frame = cv2.GaussianBlur(frame, (0, 0), lens.blur)
    length = np.hypot(*move)
    if length > 1.2:
        frame = cv2.filter2D(frame, -1, motion(*move), borderType=cv2.BORDER_REPLICATE)
    if lens.sharpen:
        frame = cv2.addWeighted(frame, 1 + lens.sharpen, cv2.GaussianBlur(frame, (0, 0), 1.2), -lens.sharpen, 0)
    if lens.vignette:
        frame = cv2.multiply(frame, _vignette(*frame.shape[:2], lens.vignette), scale=1 / 255)
    x = np.arange(256, dtype=np.float32) / 255
    curves = [np.clip((np.clip(x * lens.gain * c, 0, 1) ** lens.gamma) * (255 - lens.lift) + lens.lift, 0, 255) for c in lens.cast]
    frame = cv2.LUT(frame, np.stack(curves, -1).astype(np.uint8)[None])
    if lens.gray:
        frame = cv2.cvtColor(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    if lens.grain > .5:
        frame = _grained(rng, frame, lens)
    if lens.quality > 94:
        return frame
    data = cv2.imencode('.jpg', frame[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, lens.quality])[1]
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def _grained(rng, frame, lens):
    """Brightness noise from the kept sheet."""
    h, w = frame.shape[:2]
    sheet = _noise(lens.coarse)
    if h > sheet.shape[0] or w > sheet.shape[1]:
        sheet = np.tile(sheet, (-(-h // sheet.shape[0]), -(-w // sheet.shape[1])))
    y, x = int(rng.integers(sheet.shape[0] - h + 1)), int(rng.integers(sheet.shape[1] - w + 1))
    part = sheet[y:y + h, x:x + w]
    if rng.random() < .5:
        part = part[:, ::-1]
    grain = cv2.convertScaleAbs(part, alpha=lens.grain, beta=128)
    up = cv2.subtract(grain, 128)
    down = cv2.subtract(128, grain)
    return cv2.subtract(cv2.add(frame, cv2.merge([up] * 3)), cv2.merge([down] * 3))


def motion(dx, dy):
    """The kernel of a straight motion by so many pixels."""
    length, angle = float(np.hypot(dx, dy)), float(np.arctan2(dy, dx))
    n = int(np.ceil(length)) | 1
    kernel = np.zeros((n, n), np.float32)
    c, d = n // 2, length / 2
    cv2.line(kernel, (int(round(c - d * np.cos(angle))), int(round(c - d * np.sin(angle)))), (int(round(c + d * np.cos(angle))), int(round(c + d * np.sin(angle)))), 1, 1, cv2.LINE_AA)
    return kernel / kernel.sum()


def _vignette(h, w, amount):
    yy, xx = np.linspace(-1, 1, 32, dtype=np.float32)[:, None], np.linspace(-1, 1, 32, dtype=np.float32)[None]
    small = 255 * (1 - amount * np.clip((xx * xx + yy * yy) / 2, 0, 1) ** 1.3)
    return cv2.merge([cv2.resize(small.astype(np.uint8), (w, h), interpolation=cv2.INTER_LINEAR)] * 3)


def skewed(frame, corners, skew):
    """Rolling shutter: rows slide; the corners with them."""
    h, w = frame.shape[:2]
    m = np.array([[1, skew, -skew * h / 2], [0, 1, 0]])
    frame = cv2.warpAffine(frame, m, (w, h), borderMode=cv2.BORDER_REPLICATE)
    return frame, [q + np.stack([(q[:, 1] - h / 2) * skew, np.zeros(4)], 1) for q in corners]
