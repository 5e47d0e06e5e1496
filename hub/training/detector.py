"""Trains the detector on frames: a bump of likelihood at each plate's centre, its corners from there."""
import glob
import os

import cv2
import numpy as np
import torch
import torch.nn.functional as F

import nets
import shards
from training import Run, autocast

WIDTH, HEIGHT, CELL = 384, 288, 8
BATCH = 16
# Narrower plates (in pixels of the detector's frame) count neither for nor against.
NARROWEST = 13
# Shards that are kept to measure on.
HELD = 1


def view(rng, gray, quads):
    """A cut of a kept frame at the detector's size, disturbed; its plates in that cut."""
    h, w = gray.shape
    scale = float(np.exp(rng.uniform(np.log(.52), np.log(1.05))))
    angle = np.radians(rng.normal(0, 3.5 if rng.random() < .75 else 13))
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    # A car that stands askew: narrower, and its rows rise or fall.
    askew = rng.random() < .4
    narrow = float(np.exp(rng.normal(0, .08))) * (rng.uniform(.42, 1) if askew else 1)
    rise = rng.normal(0, .28) * (1 - narrow) * 1.6 if askew else 0.
    m = np.array([[c, -s, 0], [s, c, 0]]) @ np.array([[narrow, 0, 0], [rise, 1, 0], [0, 0, 1]])
    middle = m[:, :2] @ (w / 2, h / 2)
    room = np.abs([WIDTH - w * scale, HEIGHT - h * scale]) / 2
    m[:, 2] = np.array([WIDTH / 2, HEIGHT / 2]) - middle + rng.uniform(-1, 1, 2) * room
    if scale < .75:
        # What the hub does by areas: no pattern may arise that it would not have.
        gray = cv2.GaussianBlur(gray, (0, 0), .45 / scale)
    image = cv2.warpAffine(gray, m, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=128)
    quads = quads[~np.isnan(quads[:, 0, 0])]
    # Continuous coordinates: a pixel's centre is at +0.5, for the picture and the cut alike.
    quads = (quads - .5) @ m[:, :2].T + m[:, 2] + .5
    x = image.astype(np.float32) / 255
    if rng.random() < .35:
        # As crisp as a good camera's picture is when it was made small.
        x = x + (x - cv2.GaussianBlur(x, (0, 0), rng.uniform(.6, 1.6))) * np.float32(rng.uniform(.4, 2.))
    if rng.random() < .35:
        low, high = (float(v) for v in np.percentile(x[::4, ::4], (1, 99)))
        x = (x - low) / max(high - low, .08) * np.float32(rng.uniform(.8, 1.1))
    if rng.random() < .5:
        x = (x - .5) * np.float32(np.exp(rng.normal(0, .25))) + .5 + np.float32(rng.normal(0, .08))
    if rng.random() < .2:
        x = np.clip(x, 0, 1) ** np.float32(np.exp(rng.normal(0, .4)))
    if rng.random() < .3:
        x = x + rng.standard_normal(x.shape, np.float32) * np.float32(abs(rng.normal(0, .03)))
    return np.clip(x, 0, 1), quads


def packed(x):
    """4 × 4 pixels become 16 channels: dy * 4 + dx."""
    h, w = x.shape
    return x.reshape(h // 4, 4, w // 4, 4).transpose(1, 3, 0, 2).reshape(16, h // 4, w // 4)


def targets(quads):
    """(likelihood, weight of it, corners, weight of them) by cells."""
    gh, gw = HEIGHT // CELL, WIDTH // CELL
    heat, mask = np.zeros((gh, gw), np.float32), np.ones((gh, gw), np.float32)
    corners, near = np.zeros((8, gh, gw), np.float32), np.zeros((gh, gw), np.float32)
    yy, xx = np.mgrid[:gh, :gw] + .5
    for quad in quads:
        q = quad / CELL
        centre, lo, hi = q.mean(0), q.min(0), q.max(0)
        inside = np.clip(hi, 0, (gw, gh)) - np.clip(lo, 0, (gw, gh))
        seen = np.prod(np.maximum(inside, 0)) / max(np.prod(hi - lo), 1e-6)
        if seen < .05:
            continue
        span = hi - lo
        if seen < .85 or span[0] * CELL < NARROWEST:
            x0, y0 = np.maximum(np.floor(lo - 1).astype(int), 0)
            x1, y1 = np.ceil(hi + 1).astype(int)
            mask[y0:y1, x0:x1] = 0
            continue
        sx, sy = max(.45, span[0] * .11), max(.45, span[1] * .16)
        bump = np.exp(-((xx - centre[0]) ** 2 / (2 * sx * sx) + (yy - centre[1]) ** 2 / (2 * sy * sy)))
        i, j = min(int(centre[0]), gw - 1), min(int(centre[1]), gh - 1)
        bump[j, i] = 1
        closer = bump > heat
        heat = np.maximum(heat, bump)
        take = closer & (bump > .35)
        weight = 1 / max(np.hypot(*span), 1.)
        near[take] = weight
        for k in range(4):
            corners[2 * k][take] = (q[k, 0] - xx)[take]
            corners[2 * k + 1][take] = (q[k, 1] - yy)[take]
    return heat, mask, corners, near


def batches(folder, rng):
    held = sorted(glob.glob(os.path.join(folder, 'frames-*.npz')))[:HELD]
    # Roads and scenes in equal parts.
    streams = [shards.endless(folder, names, rng, keep=8, skip=held) for names in ('frames-0*', 'frames-1*')]
    while True:
        rows = []
        for k in range(BATCH):
            shard, i = next(streams[k % 2])
            x, quads = view(rng, shard.picture(i), shard.labels['corners'][i])
            rows.append((packed(x), *targets(quads)))
        yield [torch.from_numpy(np.stack(part)) for part in zip(*rows)]


def loss_of(out, heat, mask, corners, near):
    """Focal loss by the distance to a bump's top (CornerNet, Law and Deng 2018, eq. 1), and L1 of the corners in plates' sizes."""
    logit = out[:, 0].float()
    log_p, log_n = F.logsigmoid(logit), F.logsigmoid(-logit)
    p = logit.sigmoid()
    top = (heat >= 1).float() * mask
    for_ = -(top * (1 - p) ** 2 * log_p).sum()
    against = -((1 - top) * mask * (1 - heat) ** 4 * p ** 2 * log_n).sum()
    count = top.sum().clamp(min=1)
    off = (F.smooth_l1_loss(out[:, 1:].float(), corners, reduction='none', beta=.3).sum(1) * near).sum() / (near > 0).sum().clamp(min=1)
    return (for_ + against) / count, off


def peaks(out, threshold):
    """(score, corners in pixels) of one frame's output, the best first, overlaps removed."""
    import geometry
    p = torch.sigmoid(out[0].float())
    local = F.max_pool2d(p[None, None], 3, 1, 1)[0, 0]
    found = []
    for j, i in ((p >= threshold) & (p == local)).nonzero().tolist():
        quad = (out[1:, j, i].float().numpy().reshape(4, 2) + (i + .5, j + .5)) * CELL
        found.append((float(p[j, i]), quad))
    found.sort(key=lambda f: -f[0])
    kept = []
    for score, quad in found:
        if all(geometry.hull_iou(quad, other) <= .4 for _, other in kept):
            kept.append((score, quad))
    return kept


@torch.no_grad()
def measure(net, folder, count=400, threshold=.3):
    """Recall, precision and the corners' mean error (in plate widths) on a held-back shard."""
    import geometry
    rng = np.random.default_rng(7)
    shard = shards.Shard(sorted(glob.glob(os.path.join(folder, 'frames-*.npz')))[0])
    hits = truth = finds = 0
    errors = []
    for i in range(min(count, len(shard))):
        x, quads = view(rng, shard.picture(i), shard.labels['corners'][i])
        with autocast():
            out = net(torch.from_numpy(packed(x))[None].to(memory_format=torch.channels_last))[0]
        is_whole = [q.min() >= 0 and q[:, 0].max() <= WIDTH and q[:, 1].max() <= HEIGHT and np.ptp(q[:, 0]) >= 16 for q in quads]
        whole, others = [q for q, w in zip(quads, is_whole) if w], [q for q, w in zip(quads, is_whole) if not w]
        left, found = list(whole), peaks(out, threshold)
        hits_here = 0
        for score, quad in found:
            best = max(left, key=lambda q: geometry.hull_iou(q, quad), default=None)
            if best is not None and geometry.hull_iou(best, quad) >= .5:
                hits_here += 1
                errors.append(np.abs(best - quad).mean() / np.ptp(best[:, 0]))
                left = [q for q in left if q is not best]
        hits, truth = hits + hits_here, truth + len(whole)
        finds += sum(1 for _, q in found if not any(geometry.hull_iou(q, o) > .2 for o in others))
    return {'recall': hits / max(truth, 1), 'precision': hits / max(finds, 1), 'corner error': float(np.mean(errors)) if errors else None}


def train(folder, out, minutes, peak=1.5e-3, seed=1):
    torch.manual_seed(seed)
    net = nets.Detector()
    run = Run(net, out, 'detector', minutes, peak)
    rng = np.random.default_rng([seed, run.steps])
    mean = np.zeros(3)
    for x, heat, mask, corners, near in batches(folder, rng):
        if not run.going():
            break
        net.train()
        with autocast():
            y = net(x.to(memory_format=torch.channels_last))
        heat_loss, off = loss_of(y, heat, mask, corners, near)
        run.step(heat_loss + 2. * off)
        mean = .98 * mean + .02 * np.array([float(heat_loss.detach()), float(off.detach()), 1])
        if run.steps % 500 == 0:
            print(f'{run.spent / 60:6.1f} min  step {run.steps}  heat {mean[0] / mean[2]:.3f}  corners {mean[1] / mean[2]:.4f}', flush=True)
        if run.steps % 3000 == 0:
            print('   ', measure(run.mean, folder), flush=True)
    run.save()
    print('end', measure(run.mean, folder, 1000), flush=True)
