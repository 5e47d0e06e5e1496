//! Four corners of a plate as a picture shows it, and the homography between them and an upright rectangle.

/// Corners clockwise from top left, as they lie on the plate: x right, y down, in pixels of a picture. A pixel's centre
/// lies at +0.5, so that a picture's corners are (0, 0) and (width, height).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quad(pub [[f32; 2]; 4]);

impl Quad {
    /// The mean of the corners.
    pub fn centre(&self) -> [f32; 2] {
        let sum = self.0.iter().fold([0.0, 0.0], |sum, corner| add(sum, *corner));
        [sum[0] / 4.0, sum[1] / 4.0]
    }

    /// The mean length of its top and bottom edge, in pixels.
    pub fn width(&self) -> f32 {
        let [a, b, c, d] = self.0;
        (length(sub(b, a)) + length(sub(c, d))) / 2.0
    }

    /// The mean length of its left and right edge, in pixels.
    pub fn height(&self) -> f32 {
        let [a, b, c, d] = self.0;
        (length(sub(d, a)) + length(sub(c, b))) / 2.0
    }

    /// The direction of its rows: the unit vector of the sum of its top and bottom edge.
    pub fn axis(&self) -> [f32; 2] {
        let [a, b, c, d] = self.0;
        let along = add(sub(b, a), sub(c, d));
        let length = length(along).max(1e-6);
        [along[0] / length, along[1] / length]
    }

    /// The upright rectangle around it: left, top, right, bottom.
    pub fn hull(&self) -> [f32; 4] {
        let start = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        self.0.iter().fold(start, |[left, top, right, bottom], [x, y]| {
            [left.min(*x), top.min(*y), right.max(*x), bottom.max(*y)]
        })
    }

    /// Intersection over union of the hulls, 0 to 1.
    pub fn overlap(&self, other: &Quad) -> f32 {
        let ([a_left, a_top, a_right, a_bottom], [b_left, b_top, b_right, b_bottom]) =
            (self.hull(), other.hull());
        let width = a_right.min(b_right) - a_left.max(b_left);
        let height = a_bottom.min(b_bottom) - a_top.max(b_top);
        if width <= 0.0 || height <= 0.0 {
            return 0.0;
        }
        let both = width * height;
        both / ((a_right - a_left) * (a_bottom - a_top) + (b_right - b_left) * (b_bottom - b_top) - both)
    }

    /// Whether it is what a picture can show of a rectangle's front: its corners are numbers, and turn right at each.
    pub fn is_convex(&self) -> bool {
        let turns = |k: usize| {
            let [a, b, c] = [self.0[k], self.0[(k + 1) % 4], self.0[(k + 2) % 4]];
            let ([ux, uy], [vx, vy]) = (sub(b, a), sub(c, b));
            ux * vy - uy * vx > 1e-3
        };
        self.0.iter().flatten().all(|value| value.is_finite()) && (0..4).all(turns)
    }

    /// The corners, each by itself.
    #[must_use]
    pub fn map(&self, to: impl Fn([f32; 2]) -> [f32; 2]) -> Quad {
        Quad(self.0.map(to))
    }
}

/// Of what overlaps by more than `most` only the first stays; `items` are in the order of what is preferred.
pub fn suppress<T>(items: Vec<T>, most: f32, quad: impl Fn(&T) -> Quad) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        if kept.iter().all(|other| quad(other).overlap(&quad(&item)) <= most) {
            kept.push(item);
        }
    }
    kept
}

/// A projective map of the plane.
#[derive(Clone, Copy, Debug)]
pub struct Homography([[f32; 3]; 3]);

impl Homography {
    /// From the unit square (clockwise from (0, 0)) to a quad: P. Heckbert, "Fundamentals of Texture Mapping and Image
    /// Warping", 1989, section 2.2.3. `None` where three corners are in line.
    pub fn of(quad: &Quad) -> Option<Homography> {
        // In the wider type: what is nearly a parallelogram loses digits.
        let [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad.0.map(|corner| corner.map(f64::from));
        let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
        let (dx1, dy1, dx2, dy2) = (x1 - x2, y1 - y2, x3 - x2, y3 - y2);
        let det = dx1 * dy2 - dx2 * dy1;
        let g = (sx * dy2 - dx2 * sy) / det;
        let h = (dx1 * sy - sx * dy1) / det;
        let rows =
            [[x1 - x0 + g * x1, x3 - x0 + h * x3, x0], [y1 - y0 + g * y1, y3 - y0 + h * y3, y0], [g, h, 1.0]];
        rows.iter()
            .flatten()
            .all(|value| value.is_finite())
            .then(|| Homography(rows.map(|row| row.map(|v| v as f32))))
    }

    /// With another rectangle in place of the unit square: its (0, 0) becomes `from`, its `size` becomes `to`.
    #[must_use]
    pub fn of_rectangle(&self, size: [f32; 2], from: [f32; 2], to: [f32; 2]) -> Homography {
        let scale = [(to[0] - from[0]) / size[0], (to[1] - from[1]) / size[1]];
        Homography(self.0.map(|[a, b, c]| [a * scale[0], b * scale[1], a * from[0] + b * from[1] + c]))
    }

    /// With its results divided by `scale`.
    #[must_use]
    pub fn divided(&self, scale: f32) -> Homography {
        let [x, y, w] = self.0;
        Homography([x.map(|value| value / scale), y.map(|value| value / scale), w])
    }

    /// Where it takes a place.
    pub fn apply(&self, [u, v]: [f32; 2]) -> [f32; 2] {
        let [x, y, w] = self.0.map(|[a, b, c]| a * u + b * v + c);
        [x / w, y / w]
    }
}

fn add(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] + b[0], a[1] + b[1]]
}

fn sub(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

fn length([x, y]: [f32; 2]) -> f32 {
    x.hypot(y)
}
