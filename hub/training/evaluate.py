"""Figures on labelled pictures: of the whole program `score.py`'s table and how true its confidence is; of the reader alone, on the
labelled corners, how many plates it reads."""
import csv
import json
import os
import subprocess
import sys
import tempfile

import cv2
import numpy as np

import calibrate
import geometry
import reader


def run(hub, folder, score, *options):
    """Reads every picture of `folder/images` and prints what `score` says of it, and the calibration error by country."""
    labels = os.path.join(folder, 'labels.csv')
    done = subprocess.run([hub, 'read', '--json', *options, os.path.join(folder, 'images')], stdout=subprocess.PIPE, check=False)
    with tempfile.NamedTemporaryFile('wb', suffix='.jsonl') as file:
        file.write(done.stdout)
        file.flush()
        subprocess.run([sys.executable, score, '--labels', labels, '--reads', file.name], check=True)
    _calibration(done.stdout, labels)


def boxes(models, folder):
    """The models without program, detector and grammar: labelled corners, made better by the second look, then read."""
    import onnxruntime
    second, alone = (onnxruntime.InferenceSession(os.path.join(models, f'{name}.onnx')) for name in ('corners', 'reader'))
    right, total = {}, {}
    with open(os.path.join(folder, 'labels.csv'), newline='', encoding='utf-8-sig') as file:
        for row in csv.DictReader(file):
            if not row['x1'] or not row['plate_text']:
                continue
            gray = cv2.imread(os.path.join(folder, row['file']), cv2.IMREAD_GRAYSCALE)
            quad = np.array([[float(row[f'x{k}']), float(row[f'y{k}'])] for k in (1, 2, 3, 4)])
            patch = geometry.patch(gray, quad).astype(np.float32)[None, None] / 255
            corners, kind = second.run(['corners', 'kind'], {'patch': patch})
            quad = geometry.from_patch(corners.reshape(4, 2), quad)
            plate = geometry.stretch(geometry.rectify(gray, quad, 2 if kind[0, 2] > kind[0, 1] else 1))
            text = reader.greedy(alone.run(['characters'], {'plate': plate[None, None].astype(np.float32)})[0])[0]
            country = row['country']
            total[country] = total.get(country, 0) + 1
            right[country] = right.get(country, 0) + (text == row['plate_text'])
    print('\nreader on labelled corners, no grammar')
    for country, count in total.items():
        print(f'{country:<7}{right[country]:>5} of {count:<5}{right[country] / count:>8.3f}')


def _calibration(output, labels):
    truth = {}
    with open(labels, newline='', encoding='utf-8-sig') as file:
        for row in csv.DictReader(file):
            box = [(float(row[f'x{k}']), float(row[f'y{k}'])) for k in (1, 2, 3, 4)] if row['x1'] else None
            truth.setdefault(os.path.basename(row['file']), []).append((row['plate_text'], box, row['country']))
    by = {}
    for line in output.splitlines():
        picture = json.loads(line)
        rows = truth.get(os.path.basename(picture['file']), [])
        for read in picture.get('plates', []):
            quad = np.array(read['corners'])
            for text, box, country in rows:
                if text and read['text'] and (box is None or geometry.hull_iou(quad, np.array(box)) >= .4):
                    p, y = by.setdefault(country, ([], []))
                    p.append(read['confidence'])
                    y.append(read['text'] == text)
    print('\ncalibration: reads on labelled plates, mean confidence, right, expected calibration error')
    for country, (p, y) in by.items():
        print(f'{country:<7}{len(p):>5}{np.mean(p):>8.3f}{np.mean(y):>8.3f}{calibrate.calibration_error(p, y):>8.3f}')
