"""Light, weather and cameras: what happens to a picture between the plate and the file. All on gray float32 0..255, seeded."""
import cv2
import numpy as np


def soft_noise(rng, height, width, cells_y, cells_x):
    """Smooth noise 0..1 of so many cells."""
    grid = rng.random((max(2, int(cells_y)), max(2, int(cells_x)))).astype(np.float32)
    return cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)


def shadow(rng, image):
    """The edge of a shadow across the picture, hard or soft, from any side."""
    h, w = image.shape
    angle, at = rng.uniform(0, 2 * np.pi), rng.uniform(.25, .75)
    yy = np.arange(h, dtype=np.float32)[:, None] / h - .5
    xx = np.arange(w, dtype=np.float32)[None] / w - .5
    side = xx * np.float32(np.cos(angle)) + yy * np.float32(np.sin(angle)) - np.float32(at - .5)
    mask = 1 / (1 + np.exp(-np.clip(side * np.float32(rng.choice([8, 30, 120])), -60, 60)))
    return image * (1 - mask * np.float32(rng.uniform(.25, .7)))


def gradient(rng, image):
    h, w = image.shape
    a, b = rng.uniform(.65, 1.25, 2)
    if rng.random() < .5:
        return image * np.linspace(a, b, w, dtype=np.float32)[None]
    return image * np.linspace(a, b, h, dtype=np.float32)[:, None]


def glare(rng, image, centre=None, reach=None):
    """A lamp's bloom or a reflection of the sun."""
    h, w = image.shape
    cx, cy = centre or (rng.uniform(-.1, 1.1) * w, rng.uniform(-.1, 1.1) * h)
    reach = reach or rng.uniform(.08, .4) * w
    yy = (np.arange(h, dtype=np.float32)[:, None] - cy) / reach
    xx = (np.arange(w, dtype=np.float32)[None] - cx) / reach
    return image + np.exp(-(xx * xx + yy * yy)) * np.float32(rng.uniform(60, 260))


def motion_kernel(length, angle):
    """A line of `length` pixels."""
    n = int(np.ceil(length)) | 1
    canvas = np.zeros((n, n), np.float32)
    c, d = n // 2, length / 2
    cv2.line(canvas, (int(round(c - d * np.cos(angle))), int(round(c - d * np.sin(angle)))),
             (int(round(c + d * np.cos(angle))), int(round(c + d * np.sin(angle)))), 1, 1, cv2.LINE_AA)
    return canvas / max(canvas.sum(), 1e-6)


def lens(rng, image, plate_width):
    """Defocus, motion and enlargement, bounded so that a plate stays readable by a person."""
    room = plate_width / 100
    if rng.random() < .75:
        sigma = abs(rng.normal(0, .75)) * min(max(room, .55), 1.9)
        if sigma > .25:
            image = cv2.GaussianBlur(image, (0, 0), sigma)
    if rng.random() < .22:
        length = rng.uniform(1.5, 5.5) * min(max(room, .6), 2.2)
        image = cv2.filter2D(image, -1, motion_kernel(length, rng.normal(0, .5) if rng.random() < .7 else rng.uniform(0, np.pi)),
                             borderType=cv2.BORDER_REPLICATE)
    if rng.random() < .25 and plate_width > 70:
        # A smaller picture enlarged, as sites and digital zooms do.
        by = rng.uniform(max(.45, 55 / plate_width), .95)
        h, w = image.shape
        small = cv2.resize(image, (max(8, int(w * by)), max(8, int(h * by))), interpolation=cv2.INTER_AREA)
        image = cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC if rng.random() < .6 else cv2.INTER_LINEAR)
    if rng.random() < .35:
        # Telephones sharpen.
        image = image + (image - cv2.GaussianBlur(image, (0, 0), rng.uniform(.7, 1.8))) * np.float32(rng.uniform(.3, 1.6))
    return image


def sensor(rng, image):
    """Exposure, curve, noise: leaves 0..255."""
    if rng.random() < .8:
        low, high = (float(v) for v in np.percentile(image[::3, ::3], (1, 99)))
        want_low, want_high = rng.uniform(0, 60), rng.uniform(130, 275)
        if rng.random() < .8:
            image = (image - low) * ((want_high - want_low) / max(high - low, 30)) + want_low
    image = np.clip(image, 0, 255)
    if rng.random() < .6:
        image = 255 * (image / 255) ** np.float32(np.exp(rng.normal(0, .35)))
    if rng.random() < .8:
        sigma = abs(rng.normal(0, 7))
        noise = rng.standard_normal(image.shape, np.float32) * np.float32(sigma)
        if rng.random() < .4:
            noise = cv2.GaussianBlur(noise, (0, 0), .8) * 1.8
        image = image + noise
    return np.clip(image, 0, 255)
