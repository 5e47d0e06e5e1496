"""Writes approaches as folders of JPEG files, for the moving test."""
import csv
import os

import cv2
import numpy as np

import plates
from . import drive

# Kinds of plates of the moving test.
KINDS = {'car': .8, 'taxi': .08, 'car_square': .06, 'foreign': .06}
QUALITY = 88


def write_approaches(out, count, seed):
    """`count` folders 000, 001, … of frames 0001.jpg, … (10 a second, 30 to 60 of them), and truth.csv: folder, text, heading (in or
    out), light (day or night), behind (the text of a second car, or nothing), growth (how much wider the plate was at its widest
    than at its narrowest: about 4 for one that drives up, hardly more than 1 for one that stands there and creeps)."""
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, 'truth.csv'), 'w', newline='') as file:
        truth = csv.writer(file)
        truth.writerow(['folder', 'text', 'heading', 'light', 'behind', 'growth'])
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            plate = plates.draw(rng, str(rng.choice(list(KINDS), p=list(KINDS.values()))), wear=.3)
            night, leaving = rng.random() < .4, rng.random() < .25
            cars = drive.made_up(rng, plate, leaving)
            folder = f'{number:03d}'
            frames = drive.approach(rng, rng.uniform(3, 6), 10, plate, night, leaving, cars=cars)
            widths = []
            write(os.path.join(out, folder), _measured(frames, widths), lambda frame: jpeg(frame, QUALITY))
            growth = max(widths) / min(widths) if widths else 1.
            behind = cars[1].plate.text if cars[1] is not None else ''
            truth.writerow([folder, plate.text, 'out' if leaving else 'in', 'night' if night else 'day', behind, f'{growth:.2f}'])
            file.flush()


def _measured(frames, widths):
    """The frames; how wide the plate is in each goes to `widths`."""
    for frame, quad in frames:
        if quad is not None:
            widths.append(float(np.linalg.norm(quad[1] - quad[0])))
        yield frame


def write(folder, frames, encode):
    """Frames as 0001.jpg, … in a folder; `encode` makes a file's bytes of one."""
    os.makedirs(folder, exist_ok=True)
    for k, frame in enumerate(frames, 1):
        with open(os.path.join(folder, f'{k:04d}.jpg'), 'wb') as file:
            file.write(encode(frame))


def jpeg(frame, quality):
    """A JPEG file of an RGB frame."""
    return cv2.imencode('.jpg', frame[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1])[1].tobytes()
