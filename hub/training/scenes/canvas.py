"""A part of a frame to draw on, finer than the frame where what is drawn is small. RGB, uint8."""
import cv2
import numpy as np

# Binary places of coordinates given to OpenCV.
SHIFT = 4
GROWN = .5


class Canvas:
    """The part of `frame` from x0, y0 to x1, y1, `scale` times enlarged; `close` writes it back."""

    def __init__(self, frame, box=None, scale=1):
        h, w = frame.shape[:2]
        x0, y0, x1, y1 = box if box is not None else (0, 0, w, h)
        self.x0, self.y0 = max(0, int(np.floor(x0))), max(0, int(np.floor(y0)))
        self.x1, self.y1 = min(w, int(np.ceil(x1))), min(h, int(np.ceil(y1)))
        self.frame, self.scale = frame, scale
        self.empty = self.x1 - self.x0 < 2 or self.y1 - self.y0 < 2
        if self.empty:
            return
        part = frame[self.y0:self.y1, self.x0:self.x1]
        if scale > 1:
            part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        self.image = part
        # `own` and the shift of OpenCV's coordinates, in one step.
        self.origin, self.fine = np.array([self.x0 + .5 / scale, self.y0 + .5 / scale]), scale * (1 << SHIFT)
        self.edge = cv2.LINE_AA if scale == 1 else cv2.LINE_8

    def close(self):
        if self.scale > 1:
            size = (self.x1 - self.x0, self.y1 - self.y0)
            self.frame[self.y0:self.y1, self.x0:self.x1] = cv2.resize(self.image, size, interpolation=cv2.INTER_AREA)

    def own(self, points):
        """Pixels of the frame → OpenCV coordinates of the canvas."""
        return (np.asarray(points, np.float64) - (self.x0, self.y0)) * self.scale - .5

    def fixed(self, points):
        return np.rint((np.asarray(points) - self.origin) * self.fine).astype(np.int32)

    def fill(self, points, colour, convex=True):
        if convex:
            cv2.fillConvexPoly(self.image, self.fixed(points), colour, self.edge, SHIFT)
        else:
            cv2.fillPoly(self.image, [self.fixed(points)], colour, self.edge, SHIFT)

    def line(self, points, colour, thick=1., closed=False):
        """`thick` in pixels of the frame; thinner than a canvas pixel, it becomes fainter instead."""
        wide = thick * self.scale
        if wide >= .9:
            cv2.polylines(self.image, [self.fixed(points)], closed, colour, max(1, int(round(wide))), self.edge, SHIFT)
        elif wide > .15:
            fixed = self.fixed(points)
            h, w = self.image.shape[:2]
            (x0, y0), (x1, y1) = np.clip((fixed.min(0) >> SHIFT) - 2, 0, (w, h)), np.clip((fixed.max(0) >> SHIFT) + 3, 0, (w, h))
            if x1 > x0 and y1 > y0:
                area = self.image[y0:y1, x0:x1]
                over = area.copy()
                cv2.polylines(over, [fixed - np.array([x0, y0], np.int32) * (1 << SHIFT)], closed, colour, 1, cv2.LINE_AA, SHIFT)
                area[:] = cv2.addWeighted(over, wide, area, 1 - wide, 0)

    def paste(self, texture, quad, corners=None, gain=1., alpha=1.):
        """Lays a texture (RGB or RGBA, an array or a Surface) so that its `corners` (its own, unless given) come to `quad`, pixels of the frame."""
        th, tw = texture.shape[:2]
        corners = np.array([[0, 0], [tw, 0], [tw, th], [0, th]], np.float64) if corners is None else np.asarray(corners, np.float64)
        target = self.own(quad) + .5
        sides = np.linalg.norm(np.roll(target, -1, 0) - target, axis=1) / np.maximum(np.linalg.norm(np.roll(corners, -1, 0) - corners, axis=1), 1e-3)
        by = sides.max() * 1.2
        if not np.isfinite(by) or by <= 0:
            return
        if not isinstance(texture, np.ndarray):
            texture = texture.reduced(by)
            corners, by = corners * (texture.shape[1] / tw, texture.shape[0] / th), by * tw / texture.shape[1]
            th, tw = texture.shape[:2]
        if by < .8:
            size = (max(2, round(tw * by)), max(2, round(th * by)))
            texture = cv2.resize(texture, size, interpolation=cv2.INTER_AREA)
            corners = corners * (size[0] / tw, size[1] / th)
            th, tw = texture.shape[:2]
        m = cv2.getPerspectiveTransform((corners - .5).astype(np.float32), (target - .5).astype(np.float32))
        outer = np.array([[-.5, -.5, 1], [tw - .5, -.5, 1], [tw - .5, th - .5, 1], [-.5, th - .5, 1]]) @ m.T
        if np.any(outer[:, 2] <= 0):
            return
        outer = outer[:, :2] / outer[:, 2:]
        h, w = self.image.shape[:2]
        x0, y0 = np.clip(np.floor(outer.min(0)).astype(np.int64) - 1, 0, (w, h))
        x1, y1 = np.clip(np.ceil(outer.max(0)).astype(np.int64) + 2, 0, (w, h))
        if x1 - x0 < 1 or y1 - y0 < 1:
            return
        m = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]], np.float64) @ m
        size = (int(x1 - x0), int(y1 - y0))
        area = self.image[y0:y1, x0:x1]
        # OpenCV's smooth polygons are fatter than they should be, by GROWN on every side.
        inner = outer - (x0, y0)
        edge = np.roll(inner, -1, 0) - inner
        edge /= np.maximum(np.linalg.norm(edge, axis=1, keepdims=True), 1e-6)
        inner = inner + (edge - np.roll(edge, 1, 0)) * GROWN
        mask = np.zeros(size[::-1], np.uint8)
        cv2.fillConvexPoly(mask, np.round(inner * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
        flat = cv2.warpPerspective(texture, m, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if flat.shape[2] == 4:
            mask = cv2.multiply(mask, flat[..., 3], scale=1 / 255)
            flat = flat[..., :3]
        if gain != 1:
            flat = cv2.convertScaleAbs(flat, alpha=gain)
        blend(area, flat, mask, alpha)


def blend(area, over, mask, alpha=1.):
    """area ← over where the mask (uint8) says so, in place; 8-bit arithmetic."""
    m = cv2.merge([mask, mask, mask])
    if alpha != 1:
        m = cv2.convertScaleAbs(m, alpha=alpha)
    kept = cv2.multiply(area, cv2.bitwise_not(m), scale=1 / 255)
    area[:] = cv2.add(kept, cv2.multiply(np.ascontiguousarray(over), m, scale=1 / 255))
