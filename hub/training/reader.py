"""Trains the reader on close-ups: rectified by corners that err as the second look's do."""
import glob
import os

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import geometry
import nets
import shards
from training import Run, autocast

ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
ORIGINS = ['RU', 'BY', 'KZ', 'UA', 'DE', 'PL', 'CZ', 'SK', 'FI', 'LT', 'LV', 'EE', 'RO', '']
BATCH = 64
# How many different errors of the corners each picture is shown with.
VIEWS = 2
# Shards that are kept to measure on; none is trained on.
HELD = 2


def erring(rng, corners):
    """Corners as a second look gives them: mostly within a pixel of a patch 64 px wide, now and then worse."""
    w, h = geometry.sides(corners)
    worse = 2.2 if rng.random() < .12 else 1.
    axis = (corners[1] - corners[0]) / max(w, 1e-6)
    across = (corners[3] - corners[0]) / max(h, 1e-6)
    shared = rng.normal(0, .6, (1, 2)) * (.012 * w, .03 * h) * worse
    own = rng.normal(0, 1, (4, 2)) * (.012 * w, .035 * h) * worse
    d = shared + own
    return (corners + d[:, :1] * axis + d[:, 1:] * across).astype(np.float32)


def plate(rng, gray, corners, rows):
    """What the reader sees, float32, disturbed a little more."""
    image = geometry.rectify(gray, erring(rng, corners), rows)
    if rng.random() < .15:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(.4, 1.1))
    x = geometry.stretch(image)
    if rng.random() < .3:
        x = np.clip(x + rng.standard_normal(x.shape, np.float32) * np.float32(abs(rng.normal(0, .05))), 0, 1)
    if rng.random() < .1:
        x = x ** np.float32(np.exp(rng.normal(0, .4)))
    if rng.random() < .04:
        # Something hangs before it.
        x0, y0 = int(rng.uniform(0, 185)), int(rng.uniform(0, 36))
        x[y0:y0 + int(rng.uniform(2, 10)), x0:x0 + int(rng.uniform(2, 10))] = rng.random()
    return x


def target(text):
    return [ALPHABET.index(c) + 1 for c in text]


def batches(folder, rng):
    held = sorted(glob.glob(os.path.join(folder, 'closeups-*.npz')))[:HELD]
    stream = shards.endless(folder, 'closeups-*', rng, keep=6, skip=held)
    while True:
        x, y, lengths, origins = [], [], [], []
        while len(x) < BATCH:
            shard, i = next(stream)
            gray, labels = shard.picture(i), shard.labels
            for _ in range(VIEWS):
                x.append(plate(rng, gray, labels['corners'][i], labels['rows'][i]))
                t = target(str(labels['text'][i]))
                y += t
                lengths.append(len(t))
                origins.append(ORIGINS.index(str(labels['country'][i])))
        yield torch.from_numpy(np.stack(x)[:, None]), torch.tensor(y), torch.tensor(lengths), torch.tensor(origins)


def greedy(logits):
    texts = []
    for best in logits.argmax(-1).tolist():
        out, last = '', 0
        for c in best:
            if c and c != last:
                out += ALPHABET[c - 1]
            last = c
        texts.append(out)
    return texts


@torch.no_grad()
def measure(net, folder, count=3000):
    """Share read exactly, by kind, on held-back shards with erring corners."""
    rng = np.random.default_rng(7)
    hits, all_, origin_hits = {}, {}, 0
    done = 0
    for path in sorted(glob.glob(os.path.join(folder, 'closeups-*.npz')))[:HELD]:
        shard = shards.Shard(path)
        for start in range(0, min(len(shard), count - done), 100):
            rows = range(start, min(start + 100, len(shard)))
            x = torch.from_numpy(np.stack([plate(rng, shard.picture(i), shard.labels['corners'][i], shard.labels['rows'][i]) for i in rows])[:, None])
            with autocast():
                logits, origin = net(x.to(memory_format=torch.channels_last))
            for i, text, o in zip(rows, greedy(logits.float()), origin.argmax(-1).tolist()):
                kind = str(shard.labels['kind'][i])
                all_[kind] = all_.get(kind, 0) + 1
                hits[kind] = hits.get(kind, 0) + (text == str(shard.labels['text'][i]))
                origin_hits += ORIGINS[o] == str(shard.labels['country'][i])
            done += len(rows)
    total = sum(all_.values())
    return {'exact': sum(hits.values()) / total, 'origin': origin_hits / total, **{k: round(hits[k] / all_[k], 3) for k in sorted(all_)}}


def train(folder, out, minutes, peak=2e-3, seed=1):
    torch.manual_seed(seed)
    net = nets.Reader(len(ALPHABET) + 1, len(ORIGINS))
    run = Run(net, out, 'reader', minutes, peak)
    rng = np.random.default_rng([seed, run.steps])
    mean = [0., 0.]
    for x, y, lengths, origins in batches(folder, rng):
        if not run.going():
            break
        net.train()
        with autocast():
            logits, origin = net(x.to(memory_format=torch.channels_last))
        logp = F.log_softmax(logits.float(), -1).permute(1, 0, 2)
        steps = torch.full((len(x),), logp.shape[0])
        ctc = F.ctc_loss(logp, y, steps, lengths, zero_infinity=True, reduction='mean')
        run.step(ctc + .1 * F.cross_entropy(origin.float(), origins))
        mean = [.98 * mean[0] + .02 * float(ctc.detach()), .98 * mean[1] + .02]
        if run.steps % 500 == 0:
            print(f'{run.spent / 60:6.1f} min  step {run.steps}  ctc {mean[0] / mean[1]:.4f}', flush=True)
        if run.steps % 4000 == 0:
            print('   ', measure(run.mean, folder, 1500), flush=True)
    run.save()
    print('end', measure(run.mean, folder), flush=True)
