"""Writes the trained nets as ONNX, BatchNorm folded into the convolutions. Their cards are written by hand."""
import os

import torch
import torch.nn as nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

import nets
import reader

OPSET = 13


def folded(module):
    """The module for use: every convolution with the BatchNorm after it as one."""
    for name, child in module.named_children():
        if isinstance(child, nn.Sequential) and len(child) == 3 and isinstance(child[1], nn.BatchNorm2d):
            setattr(module, name, nn.Sequential(fuse_conv_bn_eval(child[0], child[1]), child[2]))
        else:
            folded(child)
    return module


def load(name, folder):
    """A net with the running mean of its weights."""
    net = {'detector': nets.Detector, 'corners': nets.Corners, 'reader': lambda: nets.Reader(len(reader.ALPHABET) + 1, len(reader.ORIGINS))}[name]()
    net.load_state_dict(torch.load(os.path.join(folder, f'{name}.pt'), weights_only=True)['mean'])
    return net.eval()


# name -> example of the input, names of input and outputs, axes that may vary
SHAPES = {
    'detector': ((1, 16, 72, 96), 'frame', ['plates'], {'frame': {2: 'h', 3: 'w'}, 'plates': {2: 'gh', 3: 'gw'}}),
    'corners': ((1, 1, 64, 128), 'patch', ['corners', 'kind'], {}),
    'reader': ((1, 1, 40, 192), 'plate', ['characters', 'origin'], {}),
}


def export(folder, out, names=tuple(SHAPES)):
    """Writes `NAME.onnx` of each net's checkpoint."""
    for name in names:
        shape, given, made, axes = SHAPES[name]
        net = folded(load(name, folder)).to(memory_format=torch.contiguous_format)
        path = os.path.join(out, f'{name}.onnx')
        torch.onnx.export(net, torch.rand(shape), path, opset_version=OPSET, dynamo=False, input_names=[given], output_names=made, dynamic_axes=axes)
        print(path, os.path.getsize(path))
