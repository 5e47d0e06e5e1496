"""What a gate is told of cars that drive up: `dwellers-hub read --approach` on the folders of `moving`, beside their truth."""
import csv
import json
import os
import subprocess

import numpy as np

# Frames are a tenth of a second apart.
PERIOD_S = .1
# A plate that grew by less stood there: such a car gets the guard's tap.
DROVE = 1.5


def run(hub, folder, *options):
    """Prints, for each light and way, how many cars a gate would open for, and how soon; and every car that is told wrong."""
    with open(os.path.join(folder, 'truth.csv'), newline='') as file:
        truth = [row for row in csv.DictReader(file) if os.path.isdir(os.path.join(folder, row['folder']))]
    cars = [os.path.join(folder, row['folder']) for row in truth]
    done = subprocess.run([hub, 'read', '--approach', *options, *cars], stdout=subprocess.PIPE, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    groups, wrong = {}, []
    for row, line in zip(truth, lines, strict=True):
        strong = [read for read in line['reads'] if read['strength'] == 'strong']
        right = [read for read in strong if read['text'] == row['text']]
        # The car behind may rightly be told of, too.
        others = [read for read in strong if read['text'] not in (row['text'], row['behind'])]
        opens = [read for read in right if read['heading'] == 'approaching']
        shown = any(read['text'] == row['text'] for read in line['reads'])
        wait = (opens[0]['frame'] - line['first_frame']) * PERIOD_S if opens else None
        way = row['heading'] if float(row['growth']) >= DROVE else 'stood'
        groups.setdefault((way, row['light']), []).append((bool(opens), bool(right), shown, bool(others), wait))
        if others or (way == 'in' and not opens) or (way == 'out' and opens) or (way == 'stood' and not shown):
            wrong.append((row, line['reads']))
    print('way    light     cars   opens   strong   told   other car   first reading to opening, s: median  p95')
    for (way, light), cars in sorted(groups.items()):
        opens, right, shown, others, waits = zip(*cars)
        waits = [wait for wait in waits if wait is not None]
        times = f'{np.median(waits):>10.2f}{np.percentile(waits, 95):>7.2f}' if waits else ''
        print(f'{way:<7}{light:<7}{len(cars):>7}{sum(opens):>8}{sum(right):>9}{sum(shown):>7}{sum(others):>12}{"":<32}{times}')
    print(f'{np.mean([line["look_ms"] for line in lines]):.1f} ms a look')
    for row, reads in wrong:
        told = [(read['frame'], read['text'], read['strength'], read['heading'], read['confidence'], read['width']) for read in reads]
        print(*row.values(), told)
