"""Figures of the whole program on labelled pictures: `score.py`'s table, the confidence's calibration, the reader on labelled boxes."""
import csv
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import calibrate
import geometry


def run(hub, folder, score, *options):
    """Reads every picture of `folder/images` and prints what `score` says of it, and the calibration error by country."""
    labels = os.path.join(folder, 'labels.csv')
    done = subprocess.run([hub, 'read', '--json', *options, os.path.join(folder, 'images')], stdout=subprocess.PIPE, check=False)
    with tempfile.NamedTemporaryFile('wb', suffix='.jsonl') as file:
        file.write(done.stdout)
        file.flush()
        subprocess.run([sys.executable, score, '--labels', labels, '--reads', file.name], check=True)
    _calibration(done.stdout, labels)


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
