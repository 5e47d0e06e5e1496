"""Fits the confidence: a logistic over what the hub says of each read of rendered pictures, so that 0.9 means nine of ten.

Two in three are plates on the roads that the detector was trained on, one in three a scene as a camera at a gate sees it; of seeds
that no training saw. What is printed is put into `reader.toml` by hand.
"""
import csv
import json
import os
import subprocess

import cv2
import numpy as np

import closeups
import frames
import geometry
import plates
import scenes

FEATURES = ['text', 'margin', 'weakest', 'presence', 'width', 'format']
# Keeps weights of features that tell nothing near zero.
RIDGE = 1e-3


def pictures(out, roads_folder, count, seed=99):
    """Writes pictures as JPEG with truth.csv: file, text, corners."""
    roads = closeups.Roads(roads_folder)
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, 'truth.csv'), 'w', newline='') as file:
        rows = csv.writer(file)
        for number in range(count):
            rng = np.random.default_rng([seed, number])
            if number % 3 == 2:
                image, found = scenes.still(rng, frames.WIDTH, frames.HEIGHT, plates.draw)
                image, found = image[..., ::-1], [(plate.text, quad) for quad, plate in found]
            else:
                texts = []
                image, quads = frames.road(rng, roads, texts)
                found = [(text, quad) for text, quad in zip(texts, quads) if text]
            name = f'{number:05d}.jpg'
            cv2.imwrite(os.path.join(out, name), image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 95))])
            for text, quad in found:
                rows.writerow([name, text, *np.round(quad.ravel(), 1)])


def reads(hub, folder, *options):
    """What the hub says of every picture of a folder, by its name."""
    done = subprocess.run([hub, 'read', '--json', '--explain', *options, folder], stdout=subprocess.PIPE, check=False)
    out = {}
    for line in done.stdout.splitlines():
        picture = json.loads(line)
        out[os.path.basename(picture['file'])] = picture.get('plates', [])
    return out


def examples(found, truth):
    """(features, right or wrong) of every read that lies on a plate whose text is known."""
    x, y = [], []
    for name, there in truth.items():
        for read in found.get(name, []):
            if not read.get('features') or not read['text']:
                continue
            best = max(there, key=lambda p: geometry.hull_iou(np.array(read['corners']), p[1]))
            if geometry.hull_iou(np.array(read['corners']), best[1]) >= .4:
                x.append([read['features'][f] for f in FEATURES])
                y.append(read['text'] == best[0])
    return np.array(x), np.array(y, float)


def fit(x, y, rounds=60):
    """Weights and intercept by Newton's method (iteratively reweighted least squares)."""
    scale = x.std(0) + 1e-6
    a = np.hstack([x / scale, np.ones((len(x), 1))])
    w = np.zeros(a.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(a @ w, -30, 30)))
        g = a.T @ (p - y) / len(y) + RIDGE * np.append(w[:-1], 0)
        h = (a * (p * (1 - p))[:, None]).T @ a / len(y) + RIDGE * np.eye(len(w)) + 1e-9 * np.eye(len(w))
        w -= np.linalg.solve(h, g)
    return w[:-1] / scale, w[-1]


def calibration_error(p, y, bins=10):
    """Expected calibration error over bins of equal width (Guo et al. 2017, eq. 3)."""
    p, y = np.asarray(p), np.asarray(y, float)
    which = np.minimum((p * bins).astype(int), bins - 1)
    return float(sum(abs(p[which == b].mean() - y[which == b].mean()) * (which == b).mean() for b in range(bins) if (which == b).any()))


def truth_of(folder):
    out = {}
    with open(os.path.join(folder, 'truth.csv'), newline='') as file:
        for row in csv.reader(file):
            out.setdefault(row[0], []).append((row[1], np.array(row[2:], float).reshape(4, 2)))
    return out


def calibrate(hub, folder, *options):
    x, y = examples(reads(hub, folder, *options), truth_of(folder))
    half = len(x) // 2
    weights, intercept = fit(x[:half], y[:half])
    p = 1 / (1 + np.exp(-(x[half:] @ weights + intercept)))
    print(f'# {len(x)} reads, {y.mean():.3f} right; calibration error of the other half {calibration_error(p, y[half:]):.3f}')
    weights, intercept = fit(x, y)
    print('[confidence]')
    print(f'intercept = {intercept:.4f}')
    for name, weight in zip(FEATURES, weights):
        print(f'{name} = {weight:.4f}')
