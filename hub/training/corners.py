"""Trains the second look: patches of close-ups as a detector would have cut them, and what the detector takes for plates."""
import glob
import os

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import closeups
import detector
import frames
import geometry
import nets
import shards
from training import Run, autocast

BATCH, AGAINST = 64, 20
HELD = 2
# Negative patches that are held at a time, and frames looked at for new ones in each step.
POOL, FRESH = 4000, 2
SCALE = np.array([geometry.PATCH_W / 2, geometry.PATCH_H / 2], np.float32)


def guess(rng, corners):
    """Corners as a detector gives them, on the whole: moved, scaled, turned; at times nearly right already."""
    w, h = geometry.sides(corners)
    size = max(w, 1.5 * h)
    calm = .3 if rng.random() < .4 else 1.
    centre = corners.mean(0)
    angle = np.radians(rng.normal(0, 4.5) * calm)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    scale = np.exp(rng.normal(0, .14) * calm) * np.exp(rng.normal(0, .07, 2) * calm)
    own = rng.normal(0, .035 * calm, (4, 2)) * size
    return (corners - centre) * scale @ turn.T + centre + rng.normal(0, .055 * calm, 2) * size + own


def patch(rng, gray, quad):
    x = geometry.patch(gray, quad).astype(np.float32) / 255
    if rng.random() < .6:
        x = (x - .5) * np.float32(np.exp(rng.normal(0, .3))) + .5 + np.float32(rng.normal(0, .1))
    if rng.random() < .25:
        x = x + rng.standard_normal(x.shape, np.float32) * np.float32(abs(rng.normal(0, .04)))
    if rng.random() < .1:
        x = cv2.GaussianBlur(x, (0, 0), rng.uniform(.4, 1.2))
    return np.clip(x, 0, 1)


class Against:
    """Patches without a plate: a detector's false finds, drawn things, and places at random."""

    def __init__(self, folder, net, rng):
        self.net, self.rng, self.pool = net, rng, []
        self.frames = shards.endless(folder, 'frames-*', rng, keep=3)

    def look(self):
        shard, i = next(self.frames)
        gray, truth = shard.picture(i), shard.labels['corners'][i]
        truth = truth[~np.isnan(truth[:, 0, 0])]
        if self.rng.random() < .3:
            gray = np.clip(frames.distract(self.rng, gray.astype(np.float32), truth), 0, 255).astype(np.uint8)
        for quad in self._finds(gray) + [self._anywhere(gray) for _ in range(2)]:
            w, _ = geometry.sides(quad)
            # Narrower ones may be real plates that nobody labelled.
            if 40 <= w <= 400 and not any(frames._near(quad, t) for t in truth):
                self._keep(patch(self.rng, gray, guess(self.rng, quad)))
        thing = frames.THINGS[self.rng.integers(len(frames.THINGS))](self.rng)
        self._keep(patch(self.rng, *self._on_paint(thing)))

    def _finds(self, gray):
        if self.net is None:
            return []
        s = min(detector.WIDTH / gray.shape[1], detector.HEIGHT / gray.shape[0])
        small = cv2.resize(gray, (int(gray.shape[1] * s), int(gray.shape[0] * s)), interpolation=cv2.INTER_AREA)
        frame = np.full((detector.HEIGHT, detector.WIDTH), .5, np.float32)
        frame[:small.shape[0], :small.shape[1]] = small.astype(np.float32) / 255
        with torch.no_grad(), autocast():
            out = self.net(torch.from_numpy(detector.packed(frame))[None].to(memory_format=torch.channels_last))[0]
        return [quad / s for _, quad in detector.peaks(out, .04)[:6]]

    def _anywhere(self, gray):
        h, w = gray.shape
        width = float(np.exp(self.rng.uniform(np.log(42), np.log(260))))
        quad = closeups.tilt(self.rng, (520, 112), width)
        return quad + (self.rng.uniform(0, w), self.rng.uniform(0, h))

    def _on_paint(self, thing):
        h, w = thing.shape
        quad = closeups.tilt(self.rng, (w, h), float(np.exp(self.rng.uniform(np.log(40), np.log(200)))))
        span = quad.max(0) - quad.min(0)
        width, height = int(span[0] * 2.2) + 8, int(max(span[1] * 3, span[0])) + 8
        quad = (quad + (width / 2, height / 2)).astype(np.float32)
        image = closeups.drawn_surroundings(self.rng, height, width, quad)
        image = closeups.onto(image, thing, np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32), quad, 1.)
        image, _ = frames.finished(self.rng, image, [quad])
        return image, guess(self.rng, quad)

    def _keep(self, x):
        if len(self.pool) < POOL:
            self.pool.append(x)
        else:
            self.pool[int(self.rng.integers(POOL))] = x

    def take(self, count):
        for _ in range(FRESH):
            self.look()
        while len(self.pool) < count * 4:
            self.look()
        return [self.pool[int(k)] for k in self.rng.integers(len(self.pool), size=count)]


def batches(folder, net, rng):
    held = sorted(glob.glob(os.path.join(folder, 'closeups-*.npz')))[:HELD]
    stream = shards.endless(folder, 'closeups-*', rng, keep=6, skip=held)
    against = Against(folder, net, rng)
    while True:
        x, corners, kinds = [], [], []
        while len(x) < BATCH - AGAINST:
            shard, i = next(stream)
            gray, truth = shard.picture(i), shard.labels['corners'][i]
            for _ in range(2):
                quad = guess(rng, truth)
                x.append(patch(rng, gray, quad))
                corners.append(geometry.to_patch(truth, quad).astype(np.float32))
                kinds.append(int(shard.labels['rows'][i]))
        for y in against.take(AGAINST):
            x.append(y)
            corners.append(np.zeros((4, 2), np.float32))
            kinds.append(0)
        yield torch.from_numpy(np.stack(x)[:, None]), torch.from_numpy(np.stack(corners)), torch.tensor(kinds)


@torch.no_grad()
def measure(net, folder, count=1500):
    """Mean error of a corner in plate widths, before and after; kinds told right."""
    rng = np.random.default_rng(7)
    shard = shards.Shard(sorted(glob.glob(os.path.join(folder, 'closeups-*.npz')))[0])
    before, after, right, plates, total = [], [], 0, 0, 0
    for i in range(min(count, len(shard))):
        gray, truth = shard.picture(i), shard.labels['corners'][i]
        quad = guess(rng, truth)
        x = torch.from_numpy(geometry.patch(gray, quad).astype(np.float32)[None, None] / 255)
        with autocast():
            corners, kind = net(x)
        w, _ = geometry.sides(truth)
        refined = geometry.from_patch(corners.float().numpy().reshape(4, 2), quad)
        before.append(np.linalg.norm(quad - truth, axis=1).mean() / w)
        after.append(np.linalg.norm(refined - truth, axis=1).mean() / w)
        best = int(kind.argmax())
        right, plates, total = right + (best == shard.labels['rows'][i]), plates + (best > 0), total + 1
    return {'error before': round(float(np.median(before)), 4), 'after': round(float(np.median(after)), 4), 'p90': round(float(np.percentile(after, 90)), 4),
            'plate': plates / total, 'rows': right / total}


def train(folder, out, minutes, peak=1.5e-3, seed=1):
    torch.manual_seed(seed)
    net = nets.Corners()
    run = Run(net, out, 'corners', minutes, peak)
    finder, path = None, os.path.join(out, 'detector.pt')
    if os.path.exists(path):
        finder = nets.Detector().to(memory_format=torch.channels_last).eval()
        finder.load_state_dict(torch.load(path, weights_only=True)['mean'])
    rng = np.random.default_rng([seed, run.steps])
    mean = np.zeros(3)
    scale = torch.from_numpy(SCALE)
    for x, corners, kinds in batches(folder, finder, rng):
        if not run.going():
            break
        net.train()
        with autocast():
            found, kind = net(x.to(memory_format=torch.channels_last))
        is_plate = (kinds > 0).float()
        off = F.smooth_l1_loss(found.float().view(-1, 4, 2) * scale, corners * scale, reduction='none', beta=1.).mean((1, 2))
        off = (off * is_plate).sum() / is_plate.sum()
        ce = F.cross_entropy(kind.float(), kinds)
        run.step(off + .5 * ce)
        mean = .98 * mean + .02 * np.array([float(off.detach()), float(ce.detach()), 1])
        if run.steps % 500 == 0:
            print(f'{run.spent / 60:6.1f} min  step {run.steps}  off {mean[0] / mean[2]:.3f} px  kind {mean[1] / mean[2]:.4f}', flush=True)
        if run.steps % 3000 == 0:
            print('   ', measure(run.mean, folder, 600), flush=True)
    run.save()
    print('end', measure(run.mean, folder), flush=True)
