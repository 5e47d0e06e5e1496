"""The data command: renders shards of close-ups and of frames, each from its own seed, so that a run can be taken up again."""
import os

import cv2
import numpy as np

import closeups
import frames
import plates
import scenes
import shards

# Pictures in a shard.
CLOSEUPS, FRAMES, SCENES = 2000, 1000, 250
# Scenes are frames of their own making; their shards are counted from here.
SCENES_FROM = 10000
# Of so many scenes one has no plate.
EMPTY = 7


def write_closeups(out, roads_folder, first, count, stride=1, seed=1):
    """Shards `first`, `first + stride`, … of close-ups; those that are there are left alone."""
    roads = closeups.Roads(roads_folder) if roads_folder else None
    for number in range(first, first + count * stride, stride):
        path = os.path.join(out, f'closeups-{number:05d}.npz')
        if os.path.exists(path):
            continue
        rng = np.random.default_rng([seed, number])
        pictures, labels = [], {k: [] for k in ('corners', 'text', 'rows', 'country', 'kind')}
        for _ in range(CLOSEUPS):
            plate = plates.draw(rng)
            image, corners = closeups.make(rng, plate, roads)
            pictures.append(closeups.jpeg(rng, image))
            for key, value in zip(labels, (corners, plate.text, plate.rows, plate.country, plate.kind)):
                labels[key].append(value)
        shards.write(path, pictures, **labels)
        print(path, flush=True)


def write_frames(out, roads_folder, first, count, stride=1, seed=2):
    """Shards of frames; the corners of a frame's plates fill the first rows of `corners`, the others are NaN."""
    roads = closeups.Roads(roads_folder)
    for number in range(first, first + count * stride, stride):
        path = os.path.join(out, f'frames-{number:05d}.npz')
        if os.path.exists(path):
            continue
        rng = np.random.default_rng([seed, number])
        pictures, corners = [], []
        for _ in range(FRAMES):
            image, found = frames.road(rng, roads)
            pictures.append(closeups.jpeg(rng, image))
            corners.append(_padded(found))
        shards.write(path, pictures, corners=corners)
        print(path, flush=True)


def write_scenes(out, _roads, first, count, stride=1, seed=3):
    """Shards of frames of rendered scenes."""
    for number in range(first, first + count * stride, stride):
        path = os.path.join(out, f'frames-{SCENES_FROM + number:05d}.npz')
        if os.path.exists(path):
            continue
        rng = np.random.default_rng([seed, number])
        pictures, corners = [], []
        for k in range(SCENES):
            size = (frames.WIDTH, frames.HEIGHT)
            image, found = (scenes.empty(rng, *size), []) if k % EMPTY == 0 else scenes.still(rng, *size, plates.draw)
            pictures.append(closeups.jpeg(rng, cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)))
            corners.append(_padded([quad for quad, _ in found]))
        shards.write(path, pictures, corners=corners)
        print(path, flush=True)


def _padded(found):
    out = np.full((frames.MOST, 4, 2), np.nan, np.float32)
    for k, quad in enumerate(found[:frames.MOST]):
        out[k] = quad
    return out
