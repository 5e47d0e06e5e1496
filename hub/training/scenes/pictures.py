"""The pictures that the hub's tests read: a scene for each kind of plate, and plates.csv with what they say."""
import csv
import os

import numpy as np

import plates
from . import moving, stills

WIDTH, HEIGHT, QUALITY = 800, 600, 62
# Seeds of pictures that the models of today read; a test of tomorrow's that fails on one has found something out.
CHOSEN = [(1102, 'car'), (1104, 'car'), (1201, 'car'), (1202, 'car'), (1302, 'car_square'), (1401, 'taxi'), (1602, 'police'), (1702, 'motorcycle'),
          (1901, 'army'), (2003, 'transit'), (2203, 'foreign'), (2301, 'foreign')]
FIRST = 77


def write_pictures(out):
    """`KIND-SEED.jpg` for each of CHOSEN, and plates.csv: file, text, country."""
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, 'plates.csv'), 'w', newline='') as file:
        rows = csv.writer(file, lineterminator='\n')
        rows.writerow(['file', 'text', 'country'])
        for seed, kind in CHOSEN:
            rng = np.random.default_rng([FIRST, seed])
            plate = plates.draw(rng, kind)
            frame, _ = stills.still(rng, WIDTH, HEIGHT, [plate])
            name = f'{kind}-{seed}.jpg'
            with open(os.path.join(out, name), 'wb') as picture:
                picture.write(moving.jpeg(frame, QUALITY))
            rows.writerow([name, plate.text, plate.country])
