"""The demo's lane: what its camera sees when each of the cast drives up, as folders of frames, and scenes.toml that says who is who."""
import os

import cv2
import numpy as np

import plates
from . import car, drive, light as lights, moving
from .light import DAY, INFRARED, OVERCAST
from .space import Camera

WIDTH, HEIGHT, FPS, SECONDS = 960, 540, 10, 2.4
# Bytes of a frame, at most: all of them together stay below 5 MB.
FRAME_BYTES = 18_000
SEED = 4
# Which of the places that the background can draw: flats, a lane, a sign.
PLACE = 18
WHITE, BLACK, SILVER, BLUE, RED, GREEN, YELLOW = (226, 228, 230), (24, 25, 28), (150, 154, 158), (38, 62, 110), (140, 28, 30), (52, 84, 66), (226, 176, 30)
# name, text, kind of plate, kind of car, paint, heading, light, note
CAST = [
    ('resident', 'A714OK178', 'car', 'sedan', BLUE, 'in', DAY, 'a car of house 12'),
    ('guest', 'E392CM198', 'car', 'hatch', SILVER, 'in', DAY, 'a guest with a pass for one entry'),
    ('neighbour-dirty', 'B568TH178', 'car', 'suv', GREEN, 'in', OVERCAST, 'a car of house 27; dirt hides half of the first letter, so no reader can be sure of it'),
    ('unknown', 'K841AX98', 'car', 'hatch', RED, 'in', OVERCAST, 'a car that nobody expects'),
    ('banned', 'X905PT47', 'car', 'sedan', BLACK, 'in', DAY, 'a car that may not come in'),
    ('taxi', 'AM62878', 'taxi', 'sedan', YELLOW, 'in', DAY, 'a taxi, yellow plate'),
    ('courier', 'P237EC147', 'car', 'van', WHITE, 'in', OVERCAST, 'a courier with a pass for one entry'),
    ('plumber', 'H076BM178', 'car', 'old', WHITE, 'in', DAY, 'a plumber in an old car'),
    ('resident-out', 'A714OK178', 'car', 'sedan', BLUE, 'out', DAY, 'the resident leaves'),
    ('two-line', 'C453YA178', 'car_square', 'suv', SILVER, 'in', DAY, 'a plate of two lines'),
    ('night', 'M180XE198', 'car', 'sedan', WHITE, 'in', INFRARED, 'at night, under the infrared lamp'),
]


def write_demo(out):
    """Folders of 0001.jpg, … under `out`, one for each of the cast, and scenes.toml."""
    gate = drive.Gate(Camera(WIDTH, HEIGHT, 1000, (0, 1.75, 0), np.radians(5.5)), np.array([-.45, 3.9]), .16, 14., PLACE)
    entries = []
    for number, (name, text, kind, body, paint, heading, hour, note) in enumerate(CAST):
        rng = np.random.default_rng([SEED, number])
        plate = plates.draw(rng, kind, text, wear=0)
        if name.endswith('dirty'):
            _soil(plate.image)
        look = np.random.default_rng([SEED, sum(map(ord, text))])
        one = car.make(look, plate, body, 'rear' if heading == 'out' else 'front', np.array(paint, float), kind == 'taxi')
        one.dirt, one.gloss = (.45 if name.endswith('dirty') else .1), .8
        frames = drive.approach(rng, SECONDS, FPS, plate, leaving=heading == 'out', width=WIDTH, height=HEIGHT, at=gate,
                                     light=lights.make(np.random.default_rng([SEED, 99]), hour, snow=False), cars=(one, None), calm=True)
        moving.write(os.path.join(out, name), (frame for frame, _ in frames), _small)
        entries.append((name, text, heading, 'night' if hour == INFRARED else 'day', note))
    with open(os.path.join(out, 'scenes.toml'), 'w') as file:
        file.write('# Written by hub/training: the frames of the demo, rendered. Latin twins stand for the letters of a plate.\n')
        for entry in entries:
            file.write('\n[[scene]]\n' + ''.join(f'{key} = "{value}"\n' for key, value in zip(('name', 'text', 'heading', 'light', 'note'), entry)))


def _soil(image):
    """Mud over the lower right of the first letter: what is left fits more than one."""
    h, w = image.shape[:2]
    rng = np.random.default_rng(SEED)
    mask = np.zeros((h, w), np.uint8)
    for _ in range(18):
        x, y = rng.normal(.112, .012) * w, rng.normal(.6, .13) * h
        cv2.circle(mask, (int(x), int(y)), int(rng.uniform(.05, .13) * h), 255, -1, cv2.LINE_AA)
    soft = cv2.GaussianBlur(mask, (0, 0), 2)[..., None] / 255.
    grain = rng.normal(0, 9, (h, w, 1))
    image[:] = np.clip(image + (np.array([96, 86, 72]) + grain - image) * soft, 0, 255)


def _small(frame):
    """The best quality that keeps to FRAME_BYTES."""
    for quality in range(84, 20, -4):
        data = moving.jpeg(frame, quality)
        if len(data) <= FRAME_BYTES:
            break
    return data
