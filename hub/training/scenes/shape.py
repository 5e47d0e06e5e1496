"""The shapes of cars: the near end as a surface over (across, up the profile), the side behind its edge.

A car's own metres: right as seen from before it, up, into the car. The near end is a front or a rear; the far end is never seen.
Profile stations: 0 lip of the bumper, 1 its crest, 2 its upper edge, 3 edge of the bonnet or boot, 4 foot of the glass,
5 top of the glass, 6 roof, 7 end of the roof.
"""
from dataclasses import dataclass, field

import numpy as np

STATIONS = 8
# Samples of the profile between two stations.
FINE = 12

# Depth into the car, height, of each station: (low, high) of what is usual. Heights of the glass and roof are relative to the car's.
PROFILES = {
    ('sedan', 'front'): ([.05, 0, .03, .13, 1.12, 1.82, 2.4, 3.3], [.20, .47, .60, .80, .98, 1.38, 1.44, 1.38]),
    ('sedan', 'rear'): ([.07, 0, .05, .10, .52, 1.15, 1.9, 2.8], [.26, .50, .64, 1.02, 1.08, 1.38, 1.45, 1.40]),
    ('hatch', 'front'): ([.05, 0, .03, .14, .98, 1.70, 2.3, 3.5], [.21, .48, .62, .83, 1.02, 1.42, 1.49, 1.44]),
    ('hatch', 'rear'): ([.08, 0, .06, .12, .16, .52, 1.2, 2.3], [.27, .52, .66, .95, 1.00, 1.40, 1.49, 1.48]),
    ('suv', 'front'): ([.06, 0, .03, .12, 1.02, 1.62, 2.3, 3.7], [.28, .60, .76, 1.03, 1.18, 1.62, 1.70, 1.65]),
    ('suv', 'rear'): ([.10, 0, .06, .09, .12, .40, 1.2, 2.4], [.34, .62, .76, 1.10, 1.14, 1.60, 1.70, 1.70]),
    ('old', 'front'): ([.06, 0, .06, .10, 1.20, 1.68, 2.3, 3.1], [.30, .46, .56, .84, .98, 1.36, 1.42, 1.37]),
    ('old', 'rear'): ([.06, 0, .06, .10, .72, 1.15, 1.9, 2.6], [.32, .48, .58, .93, .98, 1.35, 1.42, 1.38]),
    ('van', 'front'): ([.05, 0, .03, .12, .72, 1.45, 2.2, 4.2], [.26, .56, .72, .98, 1.18, 1.86, 1.98, 2.0]),
    ('van', 'rear'): ([.06, 0, .03, .04, .06, .14, 1.0, 3.0], [.34, .54, .66, 1.10, 1.14, 1.78, 1.98, 2.0]),
    ('bus', 'front'): ([.04, 0, .02, .04, .08, .22, 1.2, 6.], [.32, .62, .78, 1.12, 1.22, 2.35, 2.62, 2.62]),
    ('bus', 'rear'): ([.05, 0, .02, .03, .06, .14, 1.2, 6.], [.36, .6, .75, 1.35, 1.5, 2.3, 2.6, 2.62]),
}
WIDTHS = {'sedan': 1.76, 'hatch': 1.73, 'suv': 1.86, 'old': 1.62, 'van': 1.9, 'bus': 2.3}
LENGTHS = {'sedan': 4.5, 'hatch': 4.1, 'suv': 4.6, 'old': 4.1, 'van': 5.2, 'bus': 8.5}
KINDS = ['sedan', 'hatch', 'suv', 'old', 'van', 'bus']
SHARES = [.35, .25, .2, .12, .05, .03]


@dataclass
class Shape:
    kind: str
    end: str
    width: float
    length: float
    # One row a station: depth, height, half width, how far the edge lies back, how far it hangs.
    stations: np.ndarray
    # How square the end is in plan: the power of its rounding.
    square: float
    wheel: float
    wheels: tuple
    belt: float
    table: np.ndarray = field(init=False)
    steps: np.ndarray = field(init=False)

    def __post_init__(self):
        t = np.linspace(0, STATIONS - 1, (STATIONS - 1) * FINE + 1)
        table = np.stack([np.interp(t, np.arange(STATIONS), column) for column in self.stations.T])
        soft = np.array([1, 2, 3, 2, 1]) / 9
        padded = np.pad(table, ((0, 0), (2, 2)), mode='reflect', reflect_type='odd')
        self.table = np.stack([np.convolve(row, soft, 'valid') for row in padded], 1)
        self.steps = np.diff(self.table, axis=0)

    def near(self, u, t):
        """Points of the near end: u −1..1 across, t in stations."""
        u, at = np.asarray(u, np.float64), np.asarray(t, np.float64) * FINE
        i = np.minimum(np.maximum(at, 0).astype(np.intp), len(self.steps) - 1)
        row = self.table[i] + self.steps[i] * (at - i)[..., None]
        out = np.empty(np.broadcast(u, at).shape + (3,))
        out[..., 0] = u * row[..., 2]
        out[..., 1] = row[..., 1] - row[..., 4] * u * u
        out[..., 2] = row[..., 0] + row[..., 3] * np.abs(u) ** self.square
        return out

    def side(self, sign, q, r):
        """Points of the body's side below the glass: q 0..1 from the near end's edge backwards, r 0..1 up."""
        q, r = np.broadcast_arrays(np.asarray(q, np.float64), np.asarray(r, np.float64))
        edge = self.near(1., np.interp(r, [0, .35, .7, 1], [.3, 1.2, 2.2, 3.]))
        depth = edge[..., 2] + q * (self.length - .25 - edge[..., 2])
        top = self.shoulder(depth)
        low = .23 * (self.stations[0, 1] / .21) ** .5
        half = self.width / 2 * np.interp(r, [0, .25, .6, .85, 1], [.965, .99, 1., .99, .955])
        # The near edge meets the end's edge.
        half = half + (edge[..., 0] - half) * np.exp(-q * 30)
        return np.stack([sign * half, low + (top - low) * r, depth], -1)

    def shoulder(self, depth):
        """Height of the upper edge of the side."""
        e3, e4 = self.near(1., 3.), self.near(1., 4.)
        far_end = .86 if self.end == 'rear' and self.kind not in ('van', 'bus') else self.belt
        return np.interp(depth, [e3[2], e4[2], e4[2] + .4, self.length - 1.3, self.length], [e3[1], e4[1], self.belt, self.belt + .03, far_end])


def make(rng, kind=None, end=None):
    kind = kind or str(rng.choice(KINDS, p=SHARES))
    end = end or ('front' if rng.random() < .6 else 'rear')
    depth, height = (np.array(v, np.float64) for v in PROFILES[kind, end])
    tall = rng.normal(1, .03)
    height = height * tall * np.concatenate([rng.normal(1, .03, 3), rng.normal(1, .02, 2), [1, 1, 1]])
    height[4] = max(height[4], height[3] + .02)
    depth = depth * rng.normal(1, .06) * np.concatenate([[1, 1, 1], rng.normal(1, .2, 1), [1, 1, 1, 1]])
    width = WIDTHS[kind] * rng.normal(1, .03)
    boxy, tall_box = kind in ('old', 'van', 'bus'), kind in ('van', 'bus')
    half = width / 2 * np.array([.93, 1., .985, .96, .93] + ([.87] * 3 if tall_box else [.74, .73, .72]))
    round_ = rng.uniform(.06, .14) if boxy else rng.uniform(.18, .36)
    if end == 'rear' and not boxy:
        round_ *= .75
    back = np.array([round_ * .8, round_, round_ * 1.05, round_ * 1.1, .10, .07, .02, -.05])
    hang = np.array([-.02, 0, 0, .03 if boxy else .06, .05, .05, .05, .05])
    wheel = {'suv': .36, 'van': .34, 'old': .29, 'bus': .44}.get(kind, .315) * rng.normal(1, .03)
    length = LENGTHS[kind] * rng.normal(1, .04)
    wheels = (rng.uniform(.78, .9), length - rng.uniform(.8, .95))
    return Shape(kind, end, width, length, np.stack([depth, height, half, back, hang], 1), 6. if boxy else rng.uniform(2.2, 3.4), wheel, wheels,
                 float(height[4] - .02))
