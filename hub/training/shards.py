"""Shards: files of rendered pictures with what is known about them, written ahead by one process, read by another.

A shard is a `.npz`: `data` (the pictures' files end to end), `ends`, and one array for each label. It appears whole or not at all.
"""
import glob
import os

import cv2
import numpy as np


def write(path, pictures, **labels):
    """Writes one shard; `pictures` are the bytes of JPEG files."""
    ends = np.cumsum([len(p) for p in pictures])
    unfinished = path + '.unfinished.npz'
    np.savez(unfinished, data=np.frombuffer(b''.join(pictures), np.uint8), ends=ends, **{k: np.array(v) for k, v in labels.items()})
    os.replace(unfinished, path)


class Shard:
    def __init__(self, path):
        with np.load(path) as file:
            self.labels = {k: file[k] for k in file.files if k not in ('data', 'ends')}
            self.data, self.ends = file['data'], file['ends']

    def __len__(self):
        return len(self.ends)

    def picture(self, i):
        """The picture, uint8 gray."""
        start = self.ends[i - 1] if i else 0
        return cv2.imdecode(self.data[start:self.ends[i]], cv2.IMREAD_GRAYSCALE)


def endless(folder, names, rng, keep=4, skip=()):
    """(shard, index) for ever, in random order out of a few shards at a time; shards that appear meanwhile join in."""
    queue, held = [], []
    while True:
        while len(held) < keep:
            if not queue:
                queue = [p for p in sorted(glob.glob(os.path.join(folder, f'{names}.npz'))) if not p.endswith('.unfinished.npz') and p not in skip]
                if not queue:
                    raise SystemExit(f'no shards {names}.npz in {folder}: run the data command first')
                rng.shuffle(queue)
            shard = Shard(queue.pop())
            held.append((shard, list(rng.permutation(len(shard)))))
        pick = int(rng.integers(len(held)))
        shard, left = held[pick]
        yield shard, left.pop()
        if not left:
            held.pop(pick)
