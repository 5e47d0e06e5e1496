import argparse
import importlib
import os
import sys

import cv2

import data
import scenes


MODELS = os.path.join(os.path.dirname(__file__), '..', 'models')


def main():
    cv2.setNumThreads(1)
    parser = argparse.ArgumentParser(prog='hub/training', description='Makes the models of plate recognition; README.md says in what order.')
    commands = parser.add_subparsers(dest='command', required=True)
    c = commands.add_parser('data', help='render shards')
    c.add_argument('what', choices=['closeups', 'frames', 'scenes'])
    c.add_argument('--out', required=True)
    c.add_argument('--roads', help='the folder train-ro')
    c.add_argument('--first', type=int, default=0, help='the number of the first shard')
    c.add_argument('--count', type=int, default=10, help='how many shards')
    c.add_argument('--stride', type=int, default=1, help='every so manieth: for several processes')
    c = commands.add_parser('moving', help='render cars that drive up to a gate, for `dwellers-hub read --approach`')
    c.add_argument('--out', required=True)
    c.add_argument('--count', type=int, default=100)
    c.add_argument('--seed', type=int, default=1)
    c = commands.add_parser('demo', help="render the frames of the demo's cars")
    c.add_argument('--out', required=True)
    c = commands.add_parser('pictures', help="render the pictures that the hub's tests read")
    c.add_argument('--out', required=True)
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
    c = commands.add_parser('calibrate', help="fit the confidence to rendered frames")
    c.add_argument('--hub', required=True, help='the program dwellers-hub, built for release')
    c.add_argument('--roads', required=True, help='the folder train-ro')
    c.add_argument('--out', required=True, help='where the frames are written')
    c.add_argument('--count', type=int, default=3000)
    c.add_argument('--models', help='a folder of models other than those in the program')
    c = commands.add_parser('evaluate', help='figures on labelled pictures')
    c.add_argument('--hub', required=True)
    c.add_argument('--eval', required=True, help='a folder with images/ and labels.csv')
    c.add_argument('--score', required=True, help='the program score.py')
    c.add_argument('--models')
    c.add_argument('--no-grammar', action='store_true')
    c = commands.add_parser('approaches', help='what a gate is told of the cars that `moving` rendered')
    c.add_argument('--hub', required=True)
    c.add_argument('--cars', required=True, help='the folder that moving wrote')
    c.add_argument('--models')
    a = parser.parse_args()
    if a.command == 'moving':
        return scenes.write_approaches(a.out, a.count, a.seed)
    if a.command == 'demo':
        return scenes.write_demo(a.out)
    if a.command == 'pictures':
        return scenes.write_pictures(a.out)
    if a.command in ('reader', 'corners', 'detector'):
        train = importlib.import_module(a.command).train
        options = {'peak': a.peak} if a.peak else {}
        return train(a.data, a.out, a.minutes, seed=a.seed, **options)
    if a.command in ('calibrate', 'evaluate', 'approaches'):
        options = (['--models', a.models] if a.models else []) + (['--no-grammar'] if getattr(a, 'no_grammar', False) else [])
        if a.command == 'evaluate':
            import evaluate
            evaluate.run(a.hub, a.eval, a.score, *options)
            return evaluate.boxes(a.models or MODELS, a.eval)
        if a.command == 'approaches':
            import approaches
            return approaches.run(a.hub, a.cars, *options)
        import calibrate
        if not os.path.exists(os.path.join(a.out, 'truth.csv')):
            calibrate.pictures(a.out, a.roads, a.count)
        return calibrate.calibrate(a.hub, a.out, *options)
    if a.command == 'export':
        import export
        return export.export(a.runs, a.out, a.names or tuple(export.SHAPES))
    if a.what != 'scenes' and not a.roads:
        parser.error(f'data {a.what} needs --roads')
    os.makedirs(a.out, exist_ok=True)
    write = {'closeups': data.write_closeups, 'frames': data.write_frames, 'scenes': data.write_scenes}[a.what]
    return write(a.out, a.roads, a.first, a.count, a.stride)


if __name__ == '__main__':
    sys.exit(main())
