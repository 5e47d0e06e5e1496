"""A pinhole camera over a ground plane, and where a car stands on it. Metres; x right, y up, z ahead of the camera.

Pixel coordinates are continuous: a pixel's centre lies at +0.5.
"""
from dataclasses import dataclass

import numpy as np

# Nothing nearer than this is drawn.
NEAR = .3


class Camera:
    """`focal` in pixels; `pitch` (down) and `roll` in radians; it looks along z."""

    def __init__(self, width, height, focal, at=(0., 1.6, 0.), pitch=0., roll=0.):
        self.width, self.height, self.focal = width, height, focal
        self.at = np.asarray(at, np.float64)
        cp, sp, cr, sr = np.cos(pitch), np.sin(pitch), np.cos(roll), np.sin(roll)
        down = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
        turn = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        self.matrix = turn @ down
        self.centre = np.array([width / 2, height / 2])

    def project(self, points):
        """(…, 3) → pixels (…, 2) and depths (…)."""
        p = (np.asarray(points, np.float64) - self.at) @ self.matrix.T
        z = np.maximum(p[..., 2], 1e-3)
        return np.stack([p[..., 0], -p[..., 1]], -1) * (self.focal / z)[..., None] + self.centre, p[..., 2]

    def ground(self):
        """The homography from metres on the ground (x, z) to pixels."""
        k = np.array([[self.focal, 0, self.centre[0]], [0, -self.focal, self.centre[1]], [0, 0, 1]])
        r = self.matrix
        return k @ np.stack([r[:, 0], r[:, 2], -r @ self.at], 1)

    def horizon(self):
        """y of the horizon at the left and at the right edge of the picture."""
        h = self.ground()
        a, b, c = np.cross(h[:, 0], h[:, 1])
        return -c / b, -(a * self.width + c) / b


@dataclass
class Pose:
    """A car's near end stands at x, z; `turn` is its yaw in radians, 0 when that end faces the camera's plane."""
    x: float
    z: float
    turn: float

    def world(self, points):
        """From the car's own metres (right as seen from before it, up, into the car) to the world."""
        p = np.asarray(points, np.float64)
        c, s = np.cos(self.turn), np.sin(self.turn)
        out = np.empty(p.shape)
        out[..., 0] = self.x + p[..., 0] * c + p[..., 2] * s
        out[..., 1] = p[..., 1]
        out[..., 2] = self.z - p[..., 0] * s + p[..., 2] * c
        return out

    def own(self, direction):
        """A direction of the world in the car's own axes."""
        x, y, z = direction
        c, s = np.cos(self.turn), np.sin(self.turn)
        return np.array([x * c - z * s, y, x * s + z * c])
