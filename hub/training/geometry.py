"""Where a plate is and how its picture is taken out of a larger one: the same sampling as `hub/src/sight` does.

Corners are clockwise from the top left, in continuous pixel coordinates: a pixel's centre lies at +0.5.
"""
import cv2
import numpy as np

PATCH_W, PATCH_H = 128, 64
PLATE_W, PLATE_H = 192, 40
# What the reader is shown beyond the corners, of the plate's width and height.
MARGIN_X, MARGIN_Y = .04, .08


def _level(gray, ratio):
    """The picture, halved as long as a step of the sampling spans 1.5 of its pixels; and how often."""
    scale = 1
    while ratio >= 1.5 and min(gray.shape) >= 4:
        h, w = gray.shape[0] // 2 * 2, gray.shape[1] // 2 * 2
        gray = cv2.resize(gray[:h, :w], (w // 2, h // 2), interpolation=cv2.INTER_AREA)
        scale, ratio = scale * 2, ratio / 2
    return gray, scale


def sample(gray, quad, width, height, ratio):
    """The quad as an upright picture of `width` × `height`, bilinear; beyond the edge its pixels repeat."""
    level, scale = _level(gray, ratio)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - .5
    source = np.asarray(quad, np.float32) / scale - .5
    return cv2.warpPerspective(level, cv2.getPerspectiveTransform(target, source), (width, height),
                               flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


def sides(quad):
    """Mean width and height of a quad."""
    q = np.asarray(quad, np.float64)
    w = (np.linalg.norm(q[1] - q[0]) + np.linalg.norm(q[2] - q[3])) / 2
    h = (np.linalg.norm(q[3] - q[0]) + np.linalg.norm(q[2] - q[1])) / 2
    return w, h


def patch_frame(quad):
    """Centre, the unit vector along the plate, and the size of the patch that the second look takes."""
    q = np.asarray(quad, np.float64)
    w, h = sides(q)
    axis = (q[1] - q[0]) + (q[2] - q[3])
    axis /= max(np.linalg.norm(axis), 1e-6)
    size = 2.0 * max(w, 1.5 * h)
    return q.mean(0), axis, size


def patch(gray, quad):
    """The patch of the second look, uint8 64 × 128."""
    centre, axis, size = patch_frame(quad)
    across = np.array([-axis[1], axis[0]])
    dx, dy = axis * size / 2, across * size / 4
    box = [centre - dx - dy, centre + dx - dy, centre + dx + dy, centre - dx + dy]
    return sample(gray, box, PATCH_W, PATCH_H, size / PATCH_W)


def to_patch(points, quad):
    """Points of the picture in the patch's coordinates, -1..1."""
    centre, axis, size = patch_frame(quad)
    d = np.asarray(points, np.float64) - centre
    return np.stack([d @ axis / (size / 2), d @ np.array([-axis[1], axis[0]]) / (size / 4)], 1)


def from_patch(points, quad):
    """The inverse of `to_patch`."""
    centre, axis, size = patch_frame(quad)
    p = np.asarray(points, np.float64)
    return centre + p[:, :1] * (size / 2) * axis + p[:, 1:] * (size / 4) * np.array([-axis[1], axis[0]])


def grown(quad):
    """The quad with the reader's margins, by its own perspective."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    h = cv2.getPerspectiveTransform(unit, np.asarray(quad, np.float32))
    wide = np.array([[[-MARGIN_X, -MARGIN_Y], [1 + MARGIN_X, -MARGIN_Y], [1 + MARGIN_X, 1 + MARGIN_Y], [-MARGIN_X, 1 + MARGIN_Y]]], np.float32)
    return cv2.perspectiveTransform(wide, h)[0]


def rectify(gray, quad, rows):
    """What the reader sees, uint8 40 × 192 before its contrast is stretched; two rows stand side by side."""
    w, h = sides(quad)
    wide = grown(quad)
    if rows == 1:
        return sample(gray, wide, PLATE_W, PLATE_H, min(w * (1 + 2 * MARGIN_X) / PLATE_W, h * (1 + 2 * MARGIN_Y) / PLATE_H))
    half = PLATE_W // 2
    both = sample(gray, wide, half, 2 * PLATE_H, min(w * (1 + 2 * MARGIN_X) / half, h * (1 + 2 * MARGIN_Y) / (2 * PLATE_H)))
    upper = cv2.resize(both[:44], (half, PLATE_H), interpolation=cv2.INTER_LINEAR)
    lower = cv2.resize(both[36:], (half, PLATE_H), interpolation=cv2.INTER_LINEAR)
    return np.hstack([upper, lower])


def stretch(plate):
    """Contrast: the 2nd to the 98th percentile become 0..1, at least a tenth of the range; float32."""
    x = plate.astype(np.float32) / 255
    low, high = (float(v) for v in np.percentile(x, (2, 98)))
    return np.clip((x - low) / max(high - low, .1), 0, 1)


def hull_iou(a, b):
    a, b = np.asarray(a), np.asarray(b)
    (ax0, ay0), (ax1, ay1), (bx0, by0), (bx1, by1) = a.min(0), a.max(0), b.min(0), b.max(0)
    w, h = min(ax1, bx1) - max(ax0, bx0), min(ay1, by1) - max(ay0, by0)
    if w <= 0 or h <= 0:
        return 0.
    return w * h / ((ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - w * h)
