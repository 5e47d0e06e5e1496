import argparse
import importlib
import sys

import cv2

import data


def main():
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(prog='hub/training', description='Makes the models of plate recognition; README.md says in what order.')
    commands = parser.add_subparsers(dest='command', required=True)
    c = commands.add_parser('data', help='render shards')
    c.add_argument('what', choices=['closeups', 'frames'])
    c.add_argument('--out', required=True)
    c.add_argument('--roads', help='the folder train-ro')
    c.add_argument('--first', type=int, default=0)
    c.add_argument('--count', type=int, default=10)
    c.add_argument('--stride', type=int, default=1)
    for name in ('reader', 'corners', 'detector'):
        c = commands.add_parser(name, help=f'train the {name}')
        c.add_argument('--data', required=True, help='the folder of the shards')
        c.add_argument('--out', required=True, help='where the checkpoint is kept')
        c.add_argument('--minutes', type=float, required=True)
        c.add_argument('--peak', type=float, help='the highest learning rate')
        c.add_argument('--seed', type=int, default=1)
    c = commands.add_parser('export', help='write the nets as ONNX')
    c.add_argument('--runs', required=True, help='the folder of the checkpoints')
    c.add_argument('--out', required=True)
    c.add_argument('names', nargs='*')
    a = parser.parse_args()
    if a.command in ('reader', 'corners', 'detector'):
        train = importlib.import_module(a.command).train
        options = {'peak': a.peak} if a.peak else {}
        return train(a.data, a.out, a.minutes, seed=a.seed, **options)
    if a.command == 'export':
        import export
        return export.export(a.runs, a.out, a.names or tuple(export.SHAPES))
    write = {'closeups': data.write_closeups, 'frames': data.write_frames}[a.what]
    return write(a.out, a.roads, a.first, a.count, a.stride)


if __name__ == '__main__':
    sys.exit(main())
