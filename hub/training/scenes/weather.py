"""The hour and the weather over a drawn frame: night and its lamps, infrared, fog, rain, snow, shadows of leaves. In place or anew; uint8 RGB."""
import cv2
import numpy as np

from . import textures
from .light import DAY, DUSK, INFRARED, NIGHT


def hour(rng, frame, light, quads, lamps):
    """Darkness with its exceptions: plates (which reflect) and lamps. `lamps`: (x, y, reach in px, RGB)."""
    if light.kind in (DUSK, NIGHT, INFRARED):
        h, w = frame.shape[:2]
        step = 8
        yy, xx = np.mgrid[:h // step + 1, :w // step + 1].astype(np.float32) * step
        lit = np.empty(yy.shape + (3,), np.float32)
        lit[:] = light.level
        if light.kind != DUSK:
            for _ in range(int(rng.integers(0, 4))):
                # Street lamps, the camera's own lamp, other cars' beams.
                cx, cy, reach = rng.uniform(0, w), rng.uniform(.2, 1.) * h, rng.uniform(.15, .6) * w
                lit += (np.exp(-((xx - cx) ** 2 + ((yy - cy) * 1.5) ** 2) / reach ** 2) * rng.uniform(.1, .55))[..., None] * np.array([1, .9, .72], np.float32)
        lit = cv2.resize(lit, (w, h), interpolation=cv2.INTER_LINEAR)
        for quad in quads:
            _plate_light(rng, light, quad, lit)
        frame = np.clip(frame * lit, 0, 255).astype(np.uint8)
        if light.kind == INFRARED:
            gray = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
            frame = cv2.merge([gray] * 3)
    return bloom(frame, lamps) if lamps else frame


def _plate_light(rng, light, quad, lit):
    """Plates throw light back to where it came from: little by a street lamp, nearly all to an infrared lamp."""
    low, high = {INFRARED: (.25, 1.), NIGHT: (.1, .8)}.get(light.kind, (0., .3))
    strength = float(rng.uniform(low, high))
    h, w = lit.shape[:2]
    x0, y0 = np.clip(np.floor(quad.min(0)).astype(int) - 2, 0, (w, h))
    x1, y1 = np.clip(np.ceil(quad.max(0)).astype(int) + 2, 0, (w, h))
    if x1 > x0 and y1 > y0:
        mask = np.zeros((y1 - y0, x1 - x0), np.float32)
        cv2.fillConvexPoly(mask, np.round((quad - (x0, y0) - .5) * 16).astype(np.int32), strength, cv2.LINE_8, 4)
        lit[y0:y1, x0:x1] += cv2.blur(mask, (3, 3))[..., None]


def bloom(frame, lamps):
    """Adds the glow of lamps."""
    h, w = frame.shape[:2]
    step = 4
    glow = np.zeros((h // step + 1, w // step + 1, 3), np.float32)
    for x, y, reach, colour in lamps:
        r = int(reach * 4 / step) + 2
        cx, cy = x / step, y / step
        x0, x1, y0, y1 = max(0, int(cx) - r), min(glow.shape[1], int(cx) + r + 1), max(0, int(cy) - r), min(glow.shape[0], int(cy) + r + 1)
        if x0 >= x1 or y0 >= y1:
            continue
        d2 = ((np.arange(x0, x1) - cx)[None] ** 2 + (np.arange(y0, y1) - cy)[:, None] ** 2) * (step / reach) ** 2
        glow[y0:y1, x0:x1] += (np.exp(-d2) * .85 + .25 / (1 + d2 * 2))[..., None].astype(np.float32) * np.asarray(colour, np.float32)
    return cv2.add(frame, np.clip(cv2.resize(glow, (w, h), interpolation=cv2.INTER_LINEAR), 0, 255).astype(np.uint8))


def shadows(rng, frame, light):
    """Shadows that trees and houses off the picture throw across it."""
    if light.kind != DAY or light.direct < .35 or rng.random() < .45:
        return frame
    h, w = frame.shape[:2]
    if rng.random() < .5:
        leaves = textures.dapple(rng).image
        size = rng.uniform(.5, 1.5)
        m = np.array([[size, rng.normal(0, .3), rng.uniform(-40, 40)], [rng.normal(0, .3), size * .6, rng.uniform(-40, 40)]]) * (256 / w)
        mask = cv2.warpAffine(leaves, m, (w, h), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT)
        shade = cv2.convertScaleAbs(mask, alpha=.55 * light.direct, beta=255 * (1 - .55 * light.direct))
    else:
        mask = np.full((h, w), 255, np.uint8)
        angle, at = rng.uniform(0, 2 * np.pi), np.array([rng.uniform(.2, .8) * w, rng.uniform(.3, .9) * h])
        along, out = np.array([np.cos(angle), np.sin(angle)]) * 3 * w, np.array([-np.sin(angle), np.cos(angle)]) * 3 * w
        wide = out * rng.choice([1., rng.uniform(.02, .2)])
        polygon = np.array([at - along, at + along, at + along + wide, at - along + wide])
        cv2.fillConvexPoly(mask, np.round(polygon).astype(np.int32), int(255 * (1 - .6 * light.direct)), cv2.LINE_AA)
        k = int(rng.choice([1, 3, w * .02])) | 1
        shade = cv2.merge([cv2.blur(mask, (k, k)) if k > 1 else mask] * 3)
    return cv2.multiply(frame, shade, scale=1 / 255)


def falling(rng, frame, light):
    """Now and then fog, rain or flakes."""
    roll = rng.random()
    if roll < .05:
        return fog(rng, frame, light)
    if light.snow and roll > .65:
        return drops(rng, frame, light, snowing=True)
    return drops(rng, frame, light, snowing=False) if roll > .96 else frame


def fog(rng, frame, light):
    h, w = frame.shape[:2]
    tone = float(np.clip(rng.uniform(120, 230) * light.level.mean(), 20, 235))
    share = np.linspace(rng.uniform(.2, .7), rng.uniform(0, .4), h, dtype=np.float32)
    mask = cv2.merge([np.repeat((share * 255).astype(np.uint8)[:, None], w, 1)] * 3)
    return cv2.add(cv2.multiply(frame, cv2.bitwise_not(mask), scale=1 / 255), cv2.convertScaleAbs(mask, alpha=tone / 255))


def drops(rng, frame, light, snowing):
    """Flakes or streaks of rain, anew for each frame."""
    h, w = frame.shape[:2]
    over, slant, share = frame.copy(), rng.normal(0, .3), .7 if snowing else .22
    tone = float(np.clip(235 * max(light.level.mean(), .4), 0, 255))
    for x, y, size in rng.random((int(rng.integers(40, 300)), 3)) * (w, h, 2.):
        size = (size + .3) * w / 640
        length = size * (1.3 if snowing else 11)
        cv2.line(over, (int(x), int(y)), (int(x + slant * length), int(y + length)), (tone,) * 3, max(1, int(size)), cv2.LINE_AA)
    return cv2.addWeighted(over, share, frame, 1 - share, 0)
